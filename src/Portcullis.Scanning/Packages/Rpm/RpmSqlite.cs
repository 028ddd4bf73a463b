using Portcullis.Core.Components;
using Portcullis.Scanning.Files;

namespace Portcullis.Scanning.Packages.Rpm;

/// <summary>An RPM database in SQLite, rpmdb.sqlite (rpm, lib/backend/sqlite.c): the headers are the second column of the table Packages.</summary>
internal sealed class RpmSqlite : IPackageReader
{
    public bool NamesComponents => true;

    public bool Reads(ReadOnlySpan<char> path) => RpmDatabases.IsFile(path, "rpmdb.sqlite");

    public IReadOnlyList<Component> Read(PackageSource source)
    {
        var table = new SqliteTables(source.Content);
        var root = table.Root("Packages") ?? throw new UnreadableFileException("it has no table of packages");
        var packages = new RpmPackages(source);
        foreach (var row in table.Rows(root))
        {
            if (row is not [_, var blob, ..])
            {
                throw new UnreadableFileException("a package in it is damaged");
            }

            packages.Add(blob);
        }

        return packages.Components.All;
    }
}
