using System.IO.Compression;

namespace Portcullis.Scanning.Advisories;

/// <summary>Finds the advisories of what a user names: a zip or tar archive (plain, gzip or zstd, which its first bytes tell), a folder, or one file.</summary>
internal static class AdvisorySource
{
    public static IEnumerable<AdvisoryFile> Read(string path, ImportLimits limits, Action<long> reached)
    {
        if (Directory.Exists(path))
        {
            return Folder(path, limits);
        }

        var start = Start(path);
        return start switch
        {
            [0x50, 0x4b, 3, 4, ..] or [0x50, 0x4b, 5, 6, ..] => ZipAdvisories.Read(path, limits, reached),
            [0x1f, 0x8b, ..] => Tar(path, limits, reached, s => new GZipStream(s, CompressionMode.Decompress)),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Tar(path, limits, reached, s => new ZstdSharp.DecompressionStream(s)),
            _ when start.Length >= 263 && start.AsSpan(257, 5).SequenceEqual("ustar"u8) => Tar(path, limits, reached, s => s),
            _ when AdvisoryFile.MayBe(Path.GetFileName(path)) => [One(path, path, limits)],
            _ => throw new CorruptArchiveException($"{path} is no archive of advisories: a zip archive, a tar archive, a folder or a file that ends with .json or .yaml is asked for"),
        };
    }

    /// <summary>Bytes of the file, for progress; 0 of a folder.</summary>
    public static long LengthOf(string path) => Directory.Exists(path) ? 0 : new FileInfo(path).Length;

    private static byte[] Start(string path)
    {
        using var file = File.OpenHandle(path);
        var start = new byte[512];
        return start[..RandomAccess.Read(file, start, 0)];
    }

    private static IEnumerable<AdvisoryFile> Tar(string path, ImportLimits limits, Action<long> reached, Func<Stream, Stream> open)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        using var stream = open(file);
        using var files = new TarAdvisories(stream, path, limits).Read().GetEnumerator();
        while (Next(files, path))
        {
            reached(file.Position);
            yield return files.Current;
        }
    }

    private static bool Next(IEnumerator<AdvisoryFile> files, string path)
    {
        try
        {
            return files.MoveNext();
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or ZstdSharp.ZstdException)
        {
            throw new CorruptArchiveException($"{path} is corrupt: it cannot be unpacked; nothing of it was imported");
        }
    }

    /// <summary>Links are not followed, and hidden folders are the repository's own.</summary>
    private static IEnumerable<AdvisoryFile> Folder(string path, ImportLimits limits)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = false, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Device };
        var names = Directory.EnumerateFiles(path, "*", options).Select(f => Path.GetRelativePath(path, f)).Where(AdvisoryFile.MayBe).Take(limits.Files + 1).Order(StringComparer.Ordinal).ToList();
        return names.Count > limits.Files
            ? throw new CorruptArchiveException($"{path} has more than {limits.Files} files; nothing of it was imported")
            : names.Select(n => One(Path.Combine(path, n), Path.Combine(path, n), limits));
    }

    private static AdvisoryFile One(string path, string name, ImportLimits limits)
    {
        using var file = File.OpenHandle(path);
        var length = RandomAccess.GetLength(file);
        if (length > limits.AdvisoryBytes)
        {
            return AdvisoryFile.TooLarge(name, length, limits.AdvisoryBytes);
        }

        var content = new byte[length];
        var read = RandomAccess.Read(file, content, 0);
        return read == length ? new AdvisoryFile(name, content) : new AdvisoryFile(name, default, "it became shorter while it was read");
    }
}
