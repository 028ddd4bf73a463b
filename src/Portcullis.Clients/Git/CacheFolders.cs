using Portcullis.Http.Machine;

namespace Portcullis.Clients.Git;

/// <summary>
/// The folders of the cache, which decide what git does: its configuration, the keys whose signatures count, the mirrors. They are this user's alone. A cache
/// below the machine's folder for temporary files may have been made by anybody.
/// </summary>
internal static class CacheFolders
{
    public const string Home = "home";
    public const string Keys = "keys";
    public const string Mirrors = "mirrors";

    private const int Root = 0;
    private const int KindMask = 0xF000;
    private const int Folder = 0x4000;
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Makes what is missing. Cheap to call often.</summary>
    /// <exception cref="GitException">Another user made one of them.</exception>
    public static void Prepare(string cache)
    {
        Directory.CreateDirectory(cache, Private);

        // A volume is root's, who can do anything in any case. A link to the cache is a matter of whoever wrote the path.
        Own(Directory.ResolveLinkTarget(cache, returnFinalTarget: true)?.FullName ?? cache, isRootTrusted: true);
        foreach (var name in new[] { Home, Keys, Mirrors })
        {
            var folder = Path.Combine(cache, name);
            Directory.CreateDirectory(folder, Private);
            Own(folder, isRootTrusted: false);
        }
    }

    private static void Own(string folder, bool isRootTrusted)
    {
        if (Stat.Of(folder) is not { } stat || (stat.Mode & KindMask) != Folder)
        {
            throw new GitException(GitFailure.Disk, $"{folder} is not a folder: delete it, or choose another for the cache");
        }

        if (stat.Uid == UserId.Own)
        {
            // A volume's group may have been given the right to write (fsGroup).
            if (((UnixFileMode)(stat.Mode & ~KindMask) & OthersWrite) != 0)
            {
                File.SetUnixFileMode(folder, Private);
            }
        }
        else if (!isRootTrusted || stat.Uid != Root)
        {
            throw new GitException(
                GitFailure.Disk, $"{folder} belongs to uid {stat.Uid}, who could decide what git does for this program (uid {UserId.Own}): delete it, or choose another folder for the cache");
        }
    }
}
