using System.Runtime.InteropServices;

namespace Portcullis.Http.Machine;

/// <summary>Owner, kind and inode of a file, which .NET does not give. By statx(2), whose layout is the same on every architecture.</summary>
public readonly partial record struct Stat(int Uid, int Gid, int Mode, long Inode)
{
    private const int KindMask = 0xF000;
    private const int Regular = 0x8000;

    private const int AtFdCwd = -100;
    private const int AtEmptyPath = 0x1000;
    private const int AtSymlinkNoFollow = 0x100;
    private const uint BasicStats = 0x7ff;

    /// <summary>A regular file: not a folder, link, pipe, socket or device.</summary>
    public bool IsRegular => (Mode & KindMask) == Regular;

    public static Stat? Of(string path) => Read(AtFdCwd, path, AtSymlinkNoFollow);

    public static Stat? Of(int descriptor) => Read(descriptor, "", AtEmptyPath);

    private static Stat? Read(int descriptor, string path, int flags)
    {
        // struct statx: mask, blksize (u32), attributes (u64), nlink, uid, gid (u32), mode (u16), pad, ino (u64) …; 256 bytes in all.
        Span<byte> buffer = stackalloc byte[256];
        if (StatX(descriptor, path, flags, BasicStats, ref MemoryMarshal.GetReference(buffer)) != 0)
        {
            return null;
        }

        return new Stat(
            (int)MemoryMarshal.Read<uint>(buffer[20..]),
            (int)MemoryMarshal.Read<uint>(buffer[24..]),
            MemoryMarshal.Read<ushort>(buffer[28..]),
            (long)MemoryMarshal.Read<ulong>(buffer[32..]));
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int StatX(int descriptor, string path, int flags, uint mask, ref byte result);
}
