namespace Portcullis.Scanning.Layers.Tar;

/// <summary>An entry of an archive.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name, as the archive writes it.</param>
/// <param name="Link">What a link leads to; empty for what is none.</param>
/// <param name="Size">The bytes of its content, holes of a sparse file included.</param>
/// <param name="Executable">Whether anybody may execute it.</param>
internal readonly record struct TarItem(TarEntryKind Kind, string Name, string Link, long Size, bool Executable);
