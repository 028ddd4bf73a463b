using System.Text.RegularExpressions;
using Portcullis.Core.Components;

namespace Portcullis.Core.Vulnerabilities.Advisories;

/// <summary>A distribution that publishes advisories, and how OSV and os-release name its releases.</summary>
/// <param name="Name">The ecosystem without a release.</param>
/// <param name="Format">How its packages are packaged.</param>
/// <param name="Ids">The field ID of os-release.</param>
internal sealed partial record DistributionEcosystem(string Name, PackageFormat Format, params string[] Ids)
{
    /// <summary>The release as the canonical ecosystem has it, of the field VERSION_ID; empty when there is no release, as of a rolling distribution.</summary>
    public Func<string, string> ReleaseOf { get; private init; } = version => version;

    /// <summary>The release as the canonical ecosystem has it, of what OSV has behind the ecosystem's name; null when it is about other products.</summary>
    public Func<string, string?> ReleaseIn { get; private init; } = suffix => suffix;

    public static IReadOnlyList<DistributionEcosystem> All { get; } =
    [
        new("Debian", PackageFormat.Deb, "debian", "raspbian") { ReleaseOf = Major },
        new("Ubuntu", PackageFormat.Deb, "ubuntu") { ReleaseIn = s => First(UbuntuRelease(), s) },
        new("Echo", PackageFormat.Deb, "echo") { ReleaseOf = _ => "", ReleaseIn = _ => "" },
        new("Alpine", PackageFormat.Apk, "alpine") { ReleaseOf = AlpineRelease },
        new("Wolfi", PackageFormat.Apk, "wolfi") { ReleaseOf = _ => "", ReleaseIn = _ => "" },
        new("Chainguard", PackageFormat.Apk, "chainguard") { ReleaseOf = _ => "", ReleaseIn = _ => "" },
        new("MinimOS", PackageFormat.Apk, "minimos") { ReleaseOf = _ => "", ReleaseIn = _ => "" },
        new("Red Hat", PackageFormat.Rpm, "rhel", "centos") { ReleaseOf = Major, ReleaseIn = s => First(RedHatRelease(), s) },
        new("AlmaLinux", PackageFormat.Rpm, "almalinux") { ReleaseOf = Major },
        new("Rocky Linux", PackageFormat.Rpm, "rocky") { ReleaseOf = Major, ReleaseIn = s => s.Split(':')[0] },
        new("SUSE", PackageFormat.Rpm, "sles", "sled", "sles_sap") { ReleaseIn = SuseRelease },
        new("openSUSE", PackageFormat.Rpm, "opensuse-leap", "opensuse-tumbleweed", "opensuse")
        {
            ReleaseOf = v => v.Contains('.', StringComparison.Ordinal) ? $"Leap {v}" : "Tumbleweed",
        },
        new("Mageia", PackageFormat.Rpm, "mageia"),
        new("Photon OS", PackageFormat.Rpm, "photon"),
        new("Azure Linux", PackageFormat.Rpm, "azurelinux") { ReleaseOf = Major },
    ];

    private static string Major(string version) => version.Split('.')[0];

    /// <summary>3.18.4 is of v3.18; 3.21_alpha20240923 and the like are of edge.</summary>
    private static string AlpineRelease(string version)
    {
        var parts = version.Split('.');
        return version.Length == 0 ? "" : version.Contains('_', StringComparison.Ordinal) || parts.Length < 2 ? "edge" : $"v{parts[0]}.{parts[1]}";
    }

    /// <summary>Products of one release and service pack share their packages: "Linux Enterprise Server 15 SP5" is 15.5, as os-release has it.</summary>
    private static string? SuseRelease(string suffix)
    {
        var match = SuseProduct().Match(suffix);
        return match.Success ? match.Groups[1].Value + (match.Groups[2].Success ? $".{match.Groups[2].Value}" : "") : null;
    }

    private static string? First(Regex pattern, string text) => pattern.Match(text) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>With or without Pro and :LTS.</summary>
    [GeneratedRegex(@"(?:^|:)(\d{2}\.\d{2})(?:$|:)", RegexOptions.NonBacktracking)]
    private static partial Regex UbuntuRelease();

    [GeneratedRegex(@"^enterprise_linux:(\d+)(?:\.\d+)?(?:$|:)", RegexOptions.NonBacktracking)]
    private static partial Regex RedHatRelease();

    [GeneratedRegex(@"^Linux Enterprise (?:Server|Desktop|High|Module|Workstation|Live|Software|Real)\b.*? (\d+)(?: SP(\d+))?(?:-[\w-]+)?$", RegexOptions.None, 1000)]
    private static partial Regex SuseProduct();
}
