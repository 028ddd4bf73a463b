using Portcullis.Core.Components;
using Portcullis.Scanning.Files;

namespace Portcullis.Scanning.Packages.Dpkg;

/// <summary>The database of dpkg, and the files of status.d that images without dpkg have, one a package (dpkg(1), deb-control(5)).</summary>
internal sealed class DpkgStatus : IPackageReader
{
    private const string Folder = "var/lib/dpkg/status.d/";

    private static readonly HashSet<string> Fields = new(StringComparer.OrdinalIgnoreCase) { "Package", "Version", "Source", "Architecture", "Status" };

    public bool NamesComponents => true;

    public bool Reads(ReadOnlySpan<char> path) =>
        path is "var/lib/dpkg/status"
        || (path.StartsWith(Folder, StringComparison.Ordinal) && !path.EndsWith(".md5sums", StringComparison.Ordinal) && !path.EndsWith(".preinst", StringComparison.Ordinal));

    public IReadOnlyList<Component> Read(PackageSource source)
    {
        var components = new ComponentList(source);
        ControlParagraphs.Read(source.Content.Span, Fields, paragraph => Add(paragraph, source, components));
        if (components.Count == 0 && source.Content.Span.IndexOfAnyExcept(" \t\r\n"u8) >= 0 && source.Problems.Count == 0 && !HasPackage(source))
        {
            throw new UnreadableFileException("it is no database of dpkg");
        }

        return components.All;
    }

    // A database of which every package was removed, its settings kept, is one all the same.
    private static bool HasPackage(PackageSource source) => source.Content.Span.StartsWith("Package:"u8) || source.Content.Span.IndexOf("\nPackage:"u8) >= 0;

    private static void Add(IReadOnlyDictionary<string, string> paragraph, PackageSource source, ComponentList components)
    {
        if (!IsInstalled(paragraph.GetValueOrDefault("Status")))
        {
            return;
        }

        var name = paragraph.GetValueOrDefault("Package", "");
        if (name.Length == 0)
        {
            source.Report("a package in it has no name");
            return;
        }

        var version = paragraph.GetValueOrDefault("Version", "");
        var (sourceName, sourceVersion) = Source(paragraph.GetValueOrDefault("Source"));
        var component = new Component
        {
            Format = PackageFormat.Deb,
            Name = name,
            Version = version,
            SourceName = sourceName == name ? null : sourceName,
            SourceVersion = sourceVersion == version ? null : sourceVersion,
            Architecture = paragraph.GetValueOrDefault("Architecture"),
        };
        DpkgOwners.Name(component, source.Owners);
        components.Add(component);
    }

    // The third word is the state. A package whose settings alone are left is not there; one that is half installed is.
    private static bool IsInstalled(string? status) =>
        status is null || status.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [.., "not-installed" or "config-files"];

    private static (string? Name, string? Version) Source(string? field)
    {
        if (field is null)
        {
            return (null, null);
        }

        var open = field.IndexOf('(', StringComparison.Ordinal);
        return open < 0 ? (field, null) : (field[..open].Trim(), field[(open + 1)..].TrimEnd(')', ' '));
    }
}
