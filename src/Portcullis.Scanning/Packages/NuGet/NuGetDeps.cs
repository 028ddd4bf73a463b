using System.Text.Json;
using Portcullis.Core.Components;

namespace Portcullis.Scanning.Packages.NuGet;

/// <summary>
/// The deps.json beside a .NET program or in a shared framework (dotnet/sdk, "runtime-configuration-file.md"): the packages that it was built with, and the
/// runtime's own where the program brings it.
/// </summary>
internal sealed class NuGetDeps : IPackageReader
{
    // Those beyond are not known to be a package's, as with all paths of packages.
    private const int MostAssets = 100_000;

    public bool NamesComponents => true;

    public bool Reads(ReadOnlySpan<char> path) => path.EndsWith(".deps.json", StringComparison.Ordinal);

    public IReadOnlyList<Component> Read(PackageSource source)
    {
        var components = new Dictionary<string, Component>(StringComparer.Ordinal);
        var assets = new List<(string Library, string Asset)>();
        JsonFile.Read(source.Content.Span, (ref Utf8JsonReader reader) =>
        {
            JsonFile.Properties(ref reader, (string name, ref Utf8JsonReader value) => name switch
            {
                "libraries" => ReadLibraries(ref value, components),
                "targets" => ReadTargets(ref value, assets),
                _ => false,
            });
            return true;
        });
        foreach (var (library, asset) in assets)
        {
            if (components.TryGetValue(library, out var component))
            {
                // In the folder of the program the file has its own name, without the folders that it has in the package.
                var owner = source.Owners.Of($"nuget {source.Path} {library}", isOfDistribution: false);
                owner.Component = component;
                source.Owners.Add(source.Directory + asset[(asset.LastIndexOf('/') + 1)..], owner);
            }
        }

        return [.. components.Values];
    }

    private static bool ReadLibraries(ref Utf8JsonReader reader, Dictionary<string, Component> components)
    {
        JsonFile.Properties(ref reader, (string key, ref Utf8JsonReader library) =>
        {
            string? type = null;
            JsonFile.Properties(ref library, (string property, ref Utf8JsonReader value) =>
            {
                type = property == "type" ? JsonFile.Text(ref value) : type;
                return property == "type";
            });
            // What does not say its type may be a package.
            if ((type is null or "package" or "runtimepack") && Component(key, type) is { } component)
            {
                components[key] = component;
            }

            return true;
        });
        return true;
    }

    private static bool ReadTargets(ref Utf8JsonReader reader, List<(string Library, string Asset)> assets)
    {
        JsonFile.Properties(ref reader, (string _, ref Utf8JsonReader target) =>
        {
            JsonFile.Properties(ref target, (string library, ref Utf8JsonReader sections) =>
            {
                JsonFile.Properties(ref sections, (string section, ref Utf8JsonReader files) => section is "runtime" or "native" && ReadAssets(library, ref files, assets));
                return true;
            });
            return true;
        });
        return true;
    }

    private static bool ReadAssets(string library, ref Utf8JsonReader reader, List<(string Library, string Asset)> assets)
    {
        JsonFile.Properties(ref reader, (string file, ref Utf8JsonReader _) =>
        {
            if (assets.Count < MostAssets)
            {
                assets.Add((library, file));
            }

            return false;
        });
        return true;
    }

    // NAME/VERSION. The runtime's own packages, where the program brings them, are named runtimepack.NAME.
    private static Component? Component(string key, string? type)
    {
        var slash = key.LastIndexOf('/');
        if (slash <= 0)
        {
            return null;
        }

        var prefix = type == "runtimepack" && key.StartsWith("runtimepack.", StringComparison.Ordinal) ? "runtimepack.".Length : 0;
        return new() { Format = PackageFormat.NuGet, Name = key[prefix..slash], Version = key[(slash + 1)..] };
    }
}
