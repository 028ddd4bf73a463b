using Portcullis.Core.Components;

namespace Portcullis.Scanning.Packages;

/// <summary>A file that names packages, and what a reader may say of it beside them.</summary>
internal sealed class PackageSource(string path, ReadOnlyMemory<byte> content, FileOwners owners, int mostComponents)
{
    private readonly List<string> _problems = [];

    /// <summary>The path in the image, without a leading slash.</summary>
    public string Path { get; } = path;

    public ReadOnlyMemory<byte> Content { get; } = content;

    /// <summary>As many components are kept of a layer.</summary>
    public int MostComponents { get; } = mostComponents;

    /// <summary>Which files of the layer belong to which package.</summary>
    public FileOwners Owners { get; } = owners;

    /// <summary>The licence that the file states; null for a file that is not about one.</summary>
    public LicenseFile? License { get; set; }

    public IReadOnlyList<string> Problems => _problems;

    /// <summary>The directory of the file, with the slash that ends it; empty for the root.</summary>
    public string Directory => Path[..(Path.LastIndexOf('/') + 1)];

    /// <summary>The name of the file without its directory.</summary>
    public string FileName => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>Says what of the file could not be read, while the rest counts.</summary>
    public void Report(string message) => _problems.Add(message);
}
