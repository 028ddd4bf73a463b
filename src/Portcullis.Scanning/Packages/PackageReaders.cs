using Portcullis.Scanning.Packages.Apk;
using Portcullis.Scanning.Packages.Dpkg;
using Portcullis.Scanning.Packages.Gem;
using Portcullis.Scanning.Packages.Npm;
using Portcullis.Scanning.Packages.NuGet;
using Portcullis.Scanning.Packages.Python;
using Portcullis.Scanning.Packages.Rpm;

namespace Portcullis.Scanning.Packages;

/// <summary>All readers of files that name packages. One more ecosystem is one more line here.</summary>
internal static class PackageReaders
{
    private static readonly IPackageReader[] All =
    [
        new DpkgStatus(),
        new DpkgFileList(),
        new DpkgCopyright(),
        new ApkInstalled(),
        new RpmSqlite(),
        new RpmNdb(),
        new RpmBerkeley(),
        new RpmUnread(),
        new PythonMetadata(),
        new PythonRecord(),
        new NpmPackageJson(),
        new NpmLock(),
        new YarnLock(),
        new PnpmLock(),
        new NuGetDeps(),
        new GemSpecification(),
        new NuGetManifest(),
    ];

    // Where package managers keep their databases. The files of other ecosystems lie anywhere.
    private static readonly string[] Databases =
    [
        "var/lib/dpkg/status", "var/lib/dpkg/status.d/package", "lib/apk/db/installed", "usr/lib/apk/db/installed", "var/lib/rpm/rpmdb.sqlite",
        "var/lib/rpm/Packages", "usr/lib/sysimage/rpm/rpmdb.sqlite", "usr/share/rpm/rpmdb.sqlite",
    ];

    /// <summary>
    /// Whether a link at a path hides a package database: the database, or a directory above it, would be somewhere that is not read.
    /// </summary>
    /// <param name="path">The link.</param>
    /// <param name="target">The path that it leads to; null when it leads out of the image.</param>
    public static bool IsHiddenBy(string path, string? target)
    {
        target = target == path ? null : target;
        foreach (var database in Databases)
        {
            if (database.StartsWith(path, StringComparison.Ordinal) && (database.Length == path.Length || database[path.Length] == '/')
                && (target is null || For(target + database[path.Length..]) is not { NamesComponents: true }))
            {
                return true;
            }
        }

        return For(path) is { NamesComponents: true } reader && (target is null || !reader.Reads(target));
    }

    /// <summary>The reader of a file; null for one that names no packages.</summary>
    public static IPackageReader? For(string path)
    {
        foreach (var reader in All)
        {
            if (reader.Reads(path))
            {
                return reader;
            }
        }

        return null;
    }
}
