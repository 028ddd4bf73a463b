using System.Runtime.InteropServices;
using LibGit2Sharp;

namespace Portcullis.Clients.Git;

/// <summary>
/// libgit2 in this process: its settings, made before the first repository is opened, and the way to open one. A repository is opened for
/// one operation and closed after it: then nothing stays mapped, open or cached between two polls, no handle is shared by two threads, and
/// what git has packed anew meanwhile is found.
/// </summary>
internal static partial class LibGit2
{
    /// <summary>The native library of LibGit2Sharp 0.32.0; the name has its commit in it and changes with the package.</summary>
    public const string Library = "libgit2-5853918";

    private const int SetWindowSize = 1;
    private const int SetMappedLimit = 3;
    private const int SetCacheSize = 7;
    private const int SetOpenFilesLimit = 30;
    private const int Megabyte = 1024 * 1024;

    private static readonly bool IsPrepared = Prepare();

    /// <summary>Opens the folder that holds objects and refs.</summary>
    public static Repository Open(string folder)
    {
        EnsurePrepared();
        return new Repository(folder);
    }

    /// <summary>For what calls the native library by itself.</summary>
    public static void EnsurePrepared() => _ = IsPrepared;

    private static bool Prepare()
    {
        // No file of the machine or of a user configures what is read here.
        foreach (var level in new[] { ConfigurationLevel.System, ConfigurationLevel.Global, ConfigurationLevel.Xdg, ConfigurationLevel.ProgramData })
        {
            GlobalSettings.SetConfigSearchPaths(level, "/dev/null");
        }

        // Who owns a repository matters where its configuration may name programs to run. Nothing is run here.
        GlobalSettings.SetOwnerValidation(false);

        // A fetch has verified every hash (git index-pack); git does not compute them again when it reads either.
        GlobalSettings.SetStrictHashVerification(false);

        // The defaults are made for a desktop: 256 MB of cached objects, and whole packs mapped.
        Set(SetCacheSize, 4 * Megabyte);
        Set(SetWindowSize, 8 * Megabyte);
        Set(SetMappedLimit, 64 * Megabyte);
        Set(SetOpenFilesLimit, 32);
        return true;
    }

    private static void Set(int option, nint value)
    {
        if (SetOption(option, value) != 0)
        {
            throw new InvalidOperationException($"libgit2 does not know the option {option}");
        }
    }

    /// <summary>Takes a variable list of arguments in C; LibGit2Sharp has no way to these options.</summary>
    [LibraryImport(Library, EntryPoint = "git_libgit2_opts")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetOption(int option, nint value);
}
