using System.Text.Json;
using Portcullis.Core.Components;
using Portcullis.Scanning.Files;

namespace Portcullis.Scanning.Packages.Npm;

/// <summary>
/// A package-lock.json or npm-shrinkwrap.json of an application (npm documentation, "package-lock.json", versions 1 to 3). Packages for development
/// alone, and optional ones for another system, are not installed in an image that runs, and left out.
/// </summary>
internal sealed class NpmLock : IPackageReader
{
    public bool NamesComponents => true;

    public bool Reads(ReadOnlySpan<char> path) =>
        (path is "package-lock.json" or "npm-shrinkwrap.json" || path.EndsWith("/package-lock.json", StringComparison.Ordinal)
            || path.EndsWith("/npm-shrinkwrap.json", StringComparison.Ordinal)) && !path.Contains("node_modules/", StringComparison.Ordinal);

    public IReadOnlyList<Component> Read(PackageSource source)
    {
        var (packages, dependencies) = (new ComponentList(source), new ComponentList(source));
        JsonFile.Read(source.Content.Span, (ref Utf8JsonReader reader) =>
        {
            JsonFile.Properties(ref reader, (string name, ref Utf8JsonReader value) => ReadSection(name, ref value, packages, dependencies));
            return true;
        });
        // Version 2 says everything twice, for npm 6.
        return (packages.Count > 0 ? packages : dependencies).Distinct();
    }

    private static bool ReadSection(string section, ref Utf8JsonReader reader, ComponentList packages, ComponentList dependencies)
    {
        switch (section)
        {
            case "packages" or "dependencies" when reader.TokenType != JsonTokenType.StartObject:
                throw new UnreadableFileException($"its {section} are no object");
            case "packages":
                JsonFile.Properties(ref reader, (string path, ref Utf8JsonReader value) => ReadEntry(NameOfPath(path), ref value, packages));
                return true;
            case "dependencies":
                JsonFile.Properties(ref reader, (string name, ref Utf8JsonReader value) => ReadEntry(name, ref value, dependencies));
                return true;
            default:
                return false;
        }
    }

    private static bool ReadEntry(string name, ref Utf8JsonReader reader, ComponentList into)
    {
        var entry = new NpmLockEntry();
        JsonFile.Properties(ref reader, (string property, ref Utf8JsonReader value) =>
            property == "dependencies" && value.TokenType == JsonTokenType.StartObject ? ReadNested(ref value, into) : entry.Read(property, ref value));
        if (name.Length > 0 && entry.IsInstalled)
        {
            into.Add(NpmNames.Component(entry.Name ?? name, NpmNames.Version(entry.Version ?? ""), entry.License));
        }

        return true;
    }

    // In version 1 an entry has those that are installed below it; in later ones the ranges that it asks for, which are text.
    private static bool ReadNested(ref Utf8JsonReader reader, ComponentList into)
    {
        JsonFile.Properties(ref reader, (string name, ref Utf8JsonReader value) => value.TokenType == JsonTokenType.StartObject && ReadEntry(name, ref value, into));
        return true;
    }

    // The key is where the package is installed; that of the application itself, and those of its workspaces, are not in node_modules.
    private static string NameOfPath(string path) =>
        path.LastIndexOf("node_modules/", StringComparison.Ordinal) is >= 0 and var start ? path[(start + "node_modules/".Length)..] : "";
}
