using System.IO.Compression;

namespace Portcullis.Scanning.Packages.Java;

/// <summary>An entry of a zip archive whose content is next.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Method">How it is compressed (APPNOTE 4.4.5).</param>
/// <param name="IsEncrypted">Whether it is encrypted, which Java does not read either.</param>
/// <param name="Stored">Its content as it is stored.</param>
internal sealed record JarEntry(string Name, int Method, bool IsEncrypted, JarContent Stored)
{
    private const int Plain = 0;
    private const int Deflated = 8;

    public bool IsReadable => !IsEncrypted && Method is Plain or Deflated;

    public bool IsCompressed => Method == Deflated;

    /// <summary>The content. It is read once.</summary>
    public Stream Open() => IsCompressed ? new DeflateStream(Stored, CompressionMode.Decompress, leaveOpen: true) : Stored;
}
