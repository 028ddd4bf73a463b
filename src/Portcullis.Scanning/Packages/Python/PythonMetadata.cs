using Portcullis.Core.Components;
using Portcullis.Core.Licences;
using Portcullis.Scanning.Files;

namespace Portcullis.Scanning.Packages.Python;

/// <summary>The metadata of an installed Python distribution: METADATA of a dist-info (PEP 376, 566), PKG-INFO of an egg-info, or an egg-info that is a file.</summary>
internal sealed class PythonMetadata : IPackageReader
{
    private static readonly HashSet<string> Fields = new(StringComparer.OrdinalIgnoreCase) { "Name", "Version", "License", "License-Expression", "Classifier" };

    public bool NamesComponents => true;

    public bool Reads(ReadOnlySpan<char> path) =>
        path.EndsWith(".dist-info/METADATA", StringComparison.Ordinal)
        || path.EndsWith(".egg-info/PKG-INFO", StringComparison.Ordinal)
        || path.EndsWith("EGG-INFO/PKG-INFO", StringComparison.Ordinal)
        || path.EndsWith(".egg-info", StringComparison.Ordinal);

    public IReadOnlyList<Component> Read(PackageSource source)
    {
        var headers = ControlParagraphs.Headers(source.Content.Span, Fields);
        var (folderName, folderVersion) = FromPath(source.Path);
        var name = Value(headers, "Name") ?? folderName ?? throw new UnreadableFileException("it does not name a Python distribution");
        var component = new Component
        {
            Format = PackageFormat.Python,
            Name = PythonName.Normal(name),
            Version = Value(headers, "Version") ?? folderVersion ?? "",
            License = PythonLicense.Of(Value(headers, "License-Expression"), Value(headers, "License"), headers.Where(h => h.Field == "Classifier").Select(h => h.Value)),
        };
        source.Owners.Of(PythonRecord.KeyOf(source.Directory), isOfDistribution: false).Component = component;
        return [component];
    }

    private static string? Value(IReadOnlyList<(string Field, string Value)> headers, string field) =>
        headers.FirstOrDefault(h => h.Field.Equals(field, StringComparison.OrdinalIgnoreCase)).Value is { Length: > 0 } value ? value : null;

    // NAME-VERSION.dist-info, NAME-VERSION-py3.11.egg-info.
    private static (string? Name, string? Version) FromPath(string path)
    {
        var folder = path.Split('/').LastOrDefault(p => p.EndsWith(".dist-info", StringComparison.Ordinal) || p.EndsWith(".egg-info", StringComparison.Ordinal));
        var parts = folder is null ? [] : folder[..folder.LastIndexOf('.')].Split('-');
        return (parts is [{ Length: > 0 } name, ..] ? name : null, parts is [_, { Length: > 0 } version, ..] ? version : null);
    }
}
