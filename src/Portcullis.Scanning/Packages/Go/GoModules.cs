using Portcullis.Core.Components;

namespace Portcullis.Scanning.Packages.Go;

/// <summary>The components of a Go binary.</summary>
internal static class GoModules
{
    // A module built from its own checkout, and a replacement by a folder, have no version.
    private const string NoVersion = "(devel)";

    /// <summary>The standard library, the main module and those it needs, as replaced.</summary>
    public static IReadOnlyList<Component> Of(GoBuildInfo info)
    {
        var components = new List<Component> { Module("stdlib", GoVersions.OfStandardLibrary(info.GoVersion)) };
        foreach (var line in info.Modules.Split('\n'))
        {
            switch (line.Split('\t'))
            {
                case ["mod" or "dep", { Length: > 0 } path, var version, ..]:
                    components.Add(Module(path, version));
                    break;
                case ["mod" or "dep", { Length: > 0 } path]:
                    components.Add(Module(path, ""));
                    break;
                case ["=>", { Length: > 0 } path, .. var rest] when components.Count > 1:
                    components[^1] = Replaced(components[^1], path, rest);
                    break;
            }
        }

        return components;
    }

    // A folder has no name in any advisory; it stands for the module that it replaces, of a version that nobody knows.
    private static Component Replaced(Component module, string path, string[] rest) =>
        path.StartsWith('.') || path.StartsWith('/') ? module with { Version = "" } : Module(path, rest is [var version, ..] ? version : "");

    private static Component Module(string path, string version) => new() { Format = PackageFormat.Go, Name = path, Version = version == NoVersion ? "" : version };
}
