using Portcullis.Agent.Files;
using Portcullis.Core.Hardening;

namespace Portcullis.Agent.Daemon;

/// <summary>What is at the path of daemon.json now.</summary>
internal sealed record DaemonFileState(DaemonFile File, byte[] Bytes, DateTimeOffset? ModifiedAt, int? OwnerUid)
{
    public long Inode { get; init; }

    /// <summary>Whether the content is the same, at whatever time.</summary>
    public bool IsSameAs(DaemonFileState other) => File.GetType() == other.File.GetType() && Bytes.AsSpan().SequenceEqual(other.Bytes);
}

/// <summary>Reads and replaces daemon.json on disk.</summary>
internal static class DaemonFileOnDisk
{
    private const int Largest = 4 * 1024 * 1024;

    public static DaemonFileState Read(string path)
    {
        try
        {
            var info = new FileInfo(path);
            if (Problem(info) is { } problem)
            {
                return Untouchable(problem);
            }

            // Reading a pipe would block until another process writes to it.
            var stat = Stat.Of(path);
            if (!info.Exists)
            {
                return Missing();
            }

            if (stat is { IsRegular: false })
            {
                return Untouchable("is not a regular file: replace it with one");
            }

            var bytes = File.ReadAllBytes(path);
            return new DaemonFileState(DaemonFile.Read(bytes), bytes, info.LastWriteTimeUtc, stat?.Uid) { Inode = stat?.Inode ?? 0 };
        }
        catch (FileNotFoundException)
        {
            return Missing();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Untouchable($"cannot be read: {e.Message}");
        }
    }

    /// <summary>Replaces the file unless it changed since it was read, since that change would be lost. False when it did.</summary>
    public static bool Replace(string path, ReadOnlySpan<byte> bytes, DaemonFileState seen) =>
        AtomicFile.Replace(path, bytes, () => seen.IsSameAs(Read(path)));

    private static string? Problem(FileInfo info) =>
        info.LinkTarget is { } target ? $"is a symbolic link to {target}: replace it with a regular file"
        : Directory.Exists(info.FullName) ? "is a folder: replace it with a regular file"
        : info is { Exists: true, Length: > Largest } ? $"has {info.Length} bytes, more than the {Largest} that are read: make it smaller"
        : null;

    private static DaemonFileState Missing() => new(new DaemonFile.Missing(), [], null, null);

    private static DaemonFileState Untouchable(string problem) => new(new DaemonFile.Untouchable(problem), [], null, null);
}
