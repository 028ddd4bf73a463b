using Portcullis.Core.Components;

namespace Portcullis.Core.Vulnerabilities.Reports;

/// <summary>The types of results in Trivy's reports: a distribution, or what a file of an ecosystem is.</summary>
internal static class TrivyTypes
{
    /// <summary>Null for a type that is no format of packages here.</summary>
    public static PackageFormat? Format(string type) => type switch
    {
        "debian" or "ubuntu" or "echo" => PackageFormat.Deb,
        "alpine" or "wolfi" or "chainguard" or "minimos" => PackageFormat.Apk,
        "redhat" or "centos" or "rocky" or "alma" or "fedora" or "oracle" or "amazon" or "photon" or "azurelinux" or "cbl-mariner" => PackageFormat.Rpm,
        _ when type.StartsWith("opensuse", StringComparison.Ordinal) || type.StartsWith("suse", StringComparison.Ordinal) || type.StartsWith("slem", StringComparison.Ordinal) => PackageFormat.Rpm,
        "gobinary" or "gomod" => PackageFormat.Go,
        "python-pkg" or "pip" or "pipenv" or "poetry" or "uv" => PackageFormat.Python,
        "node-pkg" or "npm" or "yarn" or "pnpm" or "bun" => PackageFormat.Npm,
        "nuget" or "dotnet-core" or "packages-props" => PackageFormat.NuGet,
        "jar" or "pom" or "gradle" or "sbt" => PackageFormat.Maven,
        "gemspec" or "bundler" => PackageFormat.Gem,
        "cargo" or "rustbinary" => PackageFormat.Crate,
        _ => null,
    };
}
