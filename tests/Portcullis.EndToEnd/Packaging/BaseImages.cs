using System.Text.Json.Nodes;
using Portcullis.Testing;

namespace Portcullis.EndToEnd.Packaging;

/// <summary>What the Dockerfile builds upon, made on the spot: this machine's .NET SDK with the packages that the program was built from, and its runtime with git, gpg and ssh.</summary>
internal static class BaseImages
{
    public const string Sdk = "portcullis-test/sdk";
    public const string Runtime = "portcullis-test/runtime";

    private static readonly string Dotnet = Path.GetDirectoryName(new FileInfo(RootFileSystem.Find("dotnet")!).ResolveLinkTarget(returnFinalTarget: true)?.FullName
        ?? RootFileSystem.Find("dotnet")!)!;

    private static readonly string Packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    public static void Make(DockerClient docker)
    {
        using var sdk = new RootFileSystem();
        sdk.AddPrograms("sh", "ln");
        sdk.AddTree(Dotnet);
        AddCrypto(sdk);
        foreach (var folder in Locked().Concat(Packs()))
        {
            sdk.AddTree(folder);
        }

        // The packages' folder is a source as well, and the only one.
        sdk.Write("root/.nuget/NuGet/NuGet.Config", $"""
            <configuration><packageSources><clear /><add key="machine" value="{Packages}" /></packageSources></configuration>
            """);
        sdk.Import(docker, Sdk, $"NUGET_PACKAGES={Packages}", $"DOTNET_ROOT={Dotnet}", $"PATH=/usr/bin:/bin:{Dotnet}", "HOME=/root", "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1", "DOTNET_NOLOGO=1");

        using var runtime = new RootFileSystem();
        runtime.AddPrograms("sh", "ln", "git", "gpg", "gpg-agent", "gpgconf", "ssh", "ssh-keygen");
        runtime.AddTree("/usr/lib/git-core");
        runtime.AddFiles(Path.Combine(Dotnet, "dotnet"));
        runtime.AddTree(Path.Combine(Dotnet, "host"));
        runtime.AddTree(Path.Combine(Dotnet, "shared"));
        AddCrypto(runtime);
        runtime.Import(docker, Runtime, $"DOTNET_ROOT={Dotnet}");
    }

    private static void AddCrypto(RootFileSystem root)
    {
        root.AddLibrary("libssl.so.3");
        root.AddLibrary("libcrypto.so.3");
    }

    /// <summary>Parts of the SDK that come as packages: what makes the machine code, and what it is made against.</summary>
    private static IEnumerable<string> Packs() =>
        JsonNode.Parse(File.ReadAllText(RepositoryFolder.Combine("artifacts", "obj", "Portcullis", "project.assets.json")))!["project"]!["frameworks"]!["net10.0"]!["downloadDependencies"]!
            .AsArray()
            .Select(pack => Path.Combine(Packages, pack!["name"]!.GetValue<string>().ToLowerInvariant(), pack["version"]!.GetValue<string>().Trim('[', ']').Split(',')[0]));

    private static IEnumerable<string> Locked() => Directory.EnumerateFiles(RepositoryFolder.Combine("src"), "packages.lock.json", SearchOption.AllDirectories)
        .SelectMany(file => JsonNode.Parse(File.ReadAllText(file))!["dependencies"]!.AsObject())
        .SelectMany(framework => framework.Value!.AsObject())
        .Where(package => package.Value!["resolved"] is not null)
        .Select(package => Path.Combine(Packages, package.Key.ToLowerInvariant(), package.Value!["resolved"]!.GetValue<string>()))
        .Distinct(StringComparer.Ordinal);
}
