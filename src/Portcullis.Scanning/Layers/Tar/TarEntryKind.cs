namespace Portcullis.Scanning.Layers.Tar;

/// <summary>What an entry of a layer is.</summary>
internal enum TarEntryKind
{
    File,
    HardLink,
    SymbolicLink,
    Directory,

    /// <summary>A device or a pipe: it has no content, but takes the place of a file.</summary>
    Other,
}
