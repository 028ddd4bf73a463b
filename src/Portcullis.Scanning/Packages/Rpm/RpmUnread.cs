using Portcullis.Core.Components;
using Portcullis.Scanning.Files;

namespace Portcullis.Scanning.Packages.Rpm;

/// <summary>What RPM databases have that is not read: that in the format of Berkeley DB, and changes that SQLite has not yet put into the database.</summary>
internal sealed class RpmUnread : IPackageReader
{
    // An empty log has a header alone (SQLite, "WAL file format").
    private const int LogHeader = 32;

    public bool NamesComponents => true;

    public bool Reads(ReadOnlySpan<char> path) => RpmDatabases.IsFile(path, "Packages") || RpmDatabases.IsFile(path, "rpmdb.sqlite-wal");

    public IReadOnlyList<Component> Read(PackageSource source) => source switch
    {
        { FileName: "Packages" } => throw new UnreadableFileException("it is an RPM database of Berkeley DB, which is not read: use an image whose RPM is 4.16 or newer"),
        { Content.Length: > LogHeader } => throw new UnreadableFileException("it has changes that are not in rpmdb.sqlite: run `rpm --rebuilddb` when the image is built"),
        _ => [],
    };
}
