using System.Text;

namespace Portcullis.Scanning.Packages;

/// <summary>
/// Which package has which path, by the packages' own lists. Only a hash of each path is kept: a collision would name a wrong owner for a file, of which
/// there is none by chance among so few.
/// </summary>
internal sealed class FileOwners(int limit)
{
    private readonly Dictionary<ulong, PackageOwner> _byPath = [];
    private readonly Dictionary<string, PackageOwner> _byKey = new(StringComparer.Ordinal);

    /// <summary>The owner by whatever both of a package's files, the list and the one that names it, know it by.</summary>
    public PackageOwner Of(string key, bool isOfDistribution)
    {
        if (!_byKey.TryGetValue(key, out var owner))
        {
            owner = new() { IsOfDistribution = isOfDistribution };
            if (_byKey.Count < limit)
            {
                _byKey[key] = owner;
            }
        }

        return owner;
    }

    /// <summary>Says that a package has a path, written with or without a leading slash.</summary>
    public void Add(ReadOnlySpan<byte> path, PackageOwner owner)
    {
        var key = Hash(path is [(byte)'/', .. var rest] ? rest : path);
        if (_byPath.Count < limit && (!_byPath.TryGetValue(key, out var known) || (owner.IsOfDistribution && !known.IsOfDistribution)))
        {
            _byPath[key] = owner;
        }
    }

    /// <summary>The same, with a path as text.</summary>
    public void Add(string path, PackageOwner owner) => Add(Encoding.UTF8.GetBytes(path), owner);

    /// <summary>The package that has a path; null when no list has it.</summary>
    public PackageOwner? Find(string path)
    {
        var owner = Known(path);
        // Debian's lists of files still say /lib where the image has /usr/lib, into which it was merged.
        return owner ?? (path.StartsWith("usr/", StringComparison.Ordinal) ? Known(path[4..]) : null);
    }

    private PackageOwner? Known(string path) => _byPath.GetValueOrDefault(Hash(Encoding.UTF8.GetBytes(path))) is { Component: not null } owner ? owner : null;

    // FNV-1a, 64 bits.
    private static ulong Hash(ReadOnlySpan<byte> path)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in path)
        {
            hash = unchecked((hash ^ b) * 1099511628211UL);
        }

        return hash;
    }
}
