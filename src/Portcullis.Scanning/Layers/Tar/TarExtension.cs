namespace Portcullis.Scanning.Layers.Tar;

/// <summary>What extended headers say of the entry that follows them.</summary>
internal sealed class TarExtension
{
    public string? Name { get; set; }

    /// <summary>The name of a sparse file, whose own entry has a name that only unpackers without sparse files show.</summary>
    public string? SparseName { get; set; }

    public string? Link { get; set; }

    public long? Size { get; set; }

    /// <summary>The parts of a sparse file that the archive has, as offset and length; null for a file that is not sparse.</summary>
    public List<(long Offset, long Length)>? Sparse { get; set; }

    /// <summary>The size of a sparse file, holes included.</summary>
    public long? RealSize { get; set; }

    /// <summary>Whether the map of a sparse file stands at the beginning of its content (GNU sparse format 1.0).</summary>
    public bool MapInContent { get; set; }
}
