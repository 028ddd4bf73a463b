namespace Portcullis.Scanning.Layers;

/// <summary>
/// How much of a layer is read. What lies beyond a limit makes the inventory incomplete, with a message that names the limit; nothing that is kept in
/// memory grows with what a layer has beyond these.
/// </summary>
public sealed record LayerLimits
{
    public static LayerLimits Default { get; } = new();

    /// <summary>The bytes of a layer once decompressed.</summary>
    public long LayerBytes { get; init; } = 64L << 30;

    /// <summary>The entries of its archive.</summary>
    public long Entries { get; init; } = 20_000_000;

    /// <summary>The bytes of a path (PATH_MAX of Linux).</summary>
    public int PathBytes { get; init; } = 4096;

    /// <summary>The directories above a file.</summary>
    public int Depth { get; init; } = 256;

    /// <summary>The bytes of the extended headers of an entry.</summary>
    public int HeaderBytes { get; init; } = 1 << 20;

    /// <summary>The bytes of a file that names packages.</summary>
    public int PackageFileBytes { get; init; } = 48 << 20;

    /// <summary>The characters of a component's name, version or licence. A licence that is longer is not known.</summary>
    public int TextLength { get; init; } = 8192;

    /// <summary>The components that the files of a layer name, all together.</summary>
    public int Components { get; init; } = 100_000;

    /// <summary>The files that name components, and those that state a licence.</summary>
    public int PackageFiles { get; init; } = 50_000;

    /// <summary>The files that are known by their content. Those beyond are not recognised by it, which is no problem: it only ever adds components.</summary>
    public int Contents { get; init; } = 50_000;

    /// <summary>The paths that packages say they have. As with contents, those beyond have no known owner.</summary>
    public int OwnedPaths { get; init; } = 400_000;

    /// <summary>The paths of lower layers that are taken away or replaced. Those beyond stay, which never makes an image cleaner.</summary>
    public int HiddenPaths { get; init; } = 100_000;

    /// <summary>The problems that are listed one by one.</summary>
    public int Problems { get; init; } = 50;
}
