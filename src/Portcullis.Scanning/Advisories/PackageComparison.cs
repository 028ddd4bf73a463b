using System.Text;
using Portcullis.Core.Vulnerabilities.Advisories;

namespace Portcullis.Scanning.Advisories;

/// <summary>Walks through the packages of two databases, which have one order, side by side.</summary>
internal static class PackageComparison
{
    public static IReadOnlyList<AdvisoryPackage> Changed(AdvisoryDatabase older, AdvisoryDatabase newer)
    {
        var changed = new List<AdvisoryPackage>();
        using var left = Packages(older).GetEnumerator();
        using var right = Packages(newer).GetEnumerator();
        var (hasLeft, hasRight) = (left.MoveNext(), right.MoveNext());
        while (hasLeft || hasRight)
        {
            var order = !hasLeft ? 1 : !hasRight ? -1 : left.Current.Package.CompareTo(right.Current.Package);
            if (order != 0 || left.Current.Hash != right.Current.Hash)
            {
                changed.Add(order <= 0 ? left.Current.Package : right.Current.Package);
            }

            hasLeft = order <= 0 ? left.MoveNext() : hasLeft;
            hasRight = order >= 0 ? right.MoveNext() : hasRight;
        }

        return changed;
    }

    private static IEnumerable<(AdvisoryPackage Package, UInt128 Hash)> Packages(AdvisoryDatabase database)
    {
        foreach (var (offset, piece) in database.File.ReadAll(database.File.Header.PackagesOffset, database.File.Header.EcosystemsOffset))
        {
            yield return Read(database, offset, piece.Span);
        }
    }

    private static (AdvisoryPackage Package, UInt128 Hash) Read(AdvisoryDatabase database, long offset, ReadOnlySpan<byte> piece)
    {
        try
        {
            var entry = new PackageEntry(piece);
            return (new AdvisoryPackage(database.Ecosystems[entry.Ecosystem], Encoding.UTF8.GetString(entry.Name)), BitConverter.ToUInt128(entry.Hash));
        }
        catch (Exception e) when (e is FormatException or ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            throw database.File.Damaged($"the package at {offset}");
        }
    }
}
