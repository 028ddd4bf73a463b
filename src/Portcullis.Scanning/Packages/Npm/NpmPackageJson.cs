using System.Text.Json;
using Portcullis.Core.Components;

namespace Portcullis.Scanning.Packages.Npm;

/// <summary>The package.json of a package that is installed in node_modules (npm documentation, "package.json"). That of an application names itself, and is not read.</summary>
internal sealed class NpmPackageJson : IPackageReader
{
    private const string Modules = "node_modules/";
    private const string File = "/package.json";

    public bool NamesComponents => true;

    public bool Reads(ReadOnlySpan<char> path) => path.EndsWith(File, StringComparison.Ordinal) && !FolderName(path).IsEmpty;

    public IReadOnlyList<Component> Read(PackageSource source)
    {
        var manifest = new NpmManifest();
        JsonFile.Read(source.Content.Span, (ref Utf8JsonReader reader) =>
        {
            JsonFile.Properties(ref reader, manifest.Read);
            return true;
        });
        var name = string.IsNullOrEmpty(manifest.Name) ? FolderName(source.Path).ToString() : manifest.Name;
        return [NpmNames.Component(name, manifest.Version ?? "", manifest.License)];
    }

    // NAME or @SCOPE/NAME, directly in a node_modules; deeper files of that name are a package's own.
    private static ReadOnlySpan<char> FolderName(ReadOnlySpan<char> path)
    {
        var folder = path[..^File.Length];
        var start = folder.LastIndexOf(Modules);
        if (start < 0 || (start > 0 && folder[start - 1] != '/'))
        {
            return [];
        }

        var name = folder[(start + Modules.Length)..];
        var slashes = name.Count('/');
        return slashes == 0 || (slashes == 1 && name[0] == '@') ? name : [];
    }
}
