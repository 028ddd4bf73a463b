using Portcullis.Core.Components;

namespace Portcullis.Scanning.Packages.Rpm;

/// <summary>An RPM database in Berkeley DB, Packages (rpm before 4.16, lib/backend/db3.c): the numbers of packages with their headers.</summary>
internal sealed class RpmBerkeley : IPackageReader
{
    public bool NamesComponents => true;

    public bool Reads(ReadOnlySpan<char> path) => RpmDatabases.IsFile(path, "Packages");

    public IReadOnlyList<Component> Read(PackageSource source)
    {
        var packages = new RpmPackages(source);
        foreach (var (key, value) in new BerkeleyHash(source.Content).Pairs())
        {
            // The key 0 has the number of the next package.
            if (key.Span.ContainsAnyExcept((byte)0))
            {
                packages.Add(value);
            }
        }

        return packages.Components.All;
    }
}
