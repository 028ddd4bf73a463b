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
            using var file = RegularFile.Open(path);
            if (file.Length > Largest)
            {
                return Untouchable($"has {file.Length} bytes, more than the {Largest} that are read: make it smaller");
            }

            var bytes = file.Read(Largest);
            return new DaemonFileState(DaemonFile.Read(bytes), bytes, file.ModifiedAt, file.Stat.Uid) { Inode = file.Stat.Inode };
        }
        catch (FileNotFoundException)
        {
            return Missing();
        }
        catch (NotRegularFileException e)
        {
            return Untouchable(e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Untouchable($"cannot be read: {e.Message}");
        }
    }

    /// <summary>Replaces the file unless it changed since it was read, since that change would be lost. False when it did.</summary>
    public static bool Replace(string path, ReadOnlySpan<byte> bytes, DaemonFileState seen) =>
        AtomicFile.Replace(path, bytes, () => seen.IsSameAs(Read(path)));

    private static DaemonFileState Missing() => new(new DaemonFile.Missing(), [], null, null);

    private static DaemonFileState Untouchable(string problem) => new(new DaemonFile.Untouchable(problem), [], null, null);
}
