using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace Portcullis.Testing.Images;

/// <summary>Makes the archive of a layer, entry by entry, with the times of all files zero so that the same entries give the same bytes.</summary>
public sealed class LayerArchive
{
    private const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Run = Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly MemoryStream _bytes = new();
    private readonly TarWriter _tar;

    /// <param name="format">The format of the archive; pax is what the Engine writes.</param>
    public LayerArchive(TarEntryFormat format = TarEntryFormat.Pax)
    {
        Format = format;
        _tar = new TarWriter(_bytes, format, leaveOpen: true);
    }

    private TarEntryFormat Format { get; }

    public LayerArchive File(string path, string text, bool executable = false) => File(path, Encoding.UTF8.GetBytes(text), executable);

    public LayerArchive File(string path, byte[] content, bool executable = false)
    {
        var entry = Entry(TarEntryType.RegularFile, path);
        entry.Mode = executable ? Run : Plain;
        entry.DataStream = new MemoryStream(content);
        _tar.WriteEntry(entry);
        return this;
    }

    public LayerArchive Directory(string path) => Add(Entry(TarEntryType.Directory, path));

    public LayerArchive SymbolicLink(string path, string target) => Link(TarEntryType.SymbolicLink, path, target);

    public LayerArchive HardLink(string path, string target) => Link(TarEntryType.HardLink, path, target);

    /// <summary>Takes a file or directory of lower layers away.</summary>
    public LayerArchive Whiteout(string path)
    {
        var name = path.LastIndexOf('/') + 1;
        return File($"{path[..name]}.wh.{path[name..]}", "");
    }

    /// <summary>Hides what lower layers have in a directory.</summary>
    public LayerArchive Opaque(string directory) => File(directory.Length == 0 ? ".wh..wh..opq" : directory + "/.wh..wh..opq", "");

    /// <summary>The archive; nothing can be added after.</summary>
    public byte[] ToTar()
    {
        _tar.Dispose();
        return _bytes.ToArray();
    }

    /// <summary>The archive, compressed with gzip.</summary>
    public byte[] ToGzip() => Gzip(ToTar());

    public static byte[] Gzip(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return compressed.ToArray();
    }

    private LayerArchive Link(TarEntryType type, string path, string target)
    {
        var entry = Entry(type, path);
        entry.LinkName = target;
        return Add(entry);
    }

    private LayerArchive Add(TarEntry entry)
    {
        _tar.WriteEntry(entry);
        return this;
    }

    private TarEntry Entry(TarEntryType type, string path)
    {
        TarEntry entry = Format switch
        {
            TarEntryFormat.Gnu => new GnuTarEntry(type, path),
            TarEntryFormat.Ustar => new UstarTarEntry(type, path),
            TarEntryFormat.V7 => new V7TarEntry(type == TarEntryType.RegularFile ? TarEntryType.V7RegularFile : type, path),
            _ => new PaxTarEntry(type, path),
        };
        entry.ModificationTime = DateTimeOffset.UnixEpoch;
        return entry;
    }
}
