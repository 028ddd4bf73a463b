using Portcullis.Core.Components;
using Portcullis.Scanning.Files;

namespace Portcullis.Scanning.Packages.Rpm;

/// <summary>What RPM databases have that is not read: changes that SQLite has not yet put into the database.</summary>
internal sealed class RpmUnread : IPackageReader
{
    // An empty log has a header alone (SQLite, "WAL file format").
    private const int LogHeader = 32;

    public bool NamesComponents => true;

    public bool Reads(ReadOnlySpan<char> path) => RpmDatabases.IsFile(path, "rpmdb.sqlite-wal");

    public IReadOnlyList<Component> Read(PackageSource source) => source.Content.Length > LogHeader
        ? throw new UnreadableFileException("it has changes that are not in rpmdb.sqlite: run `rpm --rebuilddb` when the image is built")
        : [];
}
