namespace Portcullis.Core.Vulnerabilities.Advisories;

/// <summary>What an advisory is about: a package of an ecosystem, both as <see cref="OsvEcosystem"/> writes them.</summary>
/// <param name="Ecosystem">The ecosystem, for example PyPI or Debian:12.</param>
/// <param name="Name">The package's name; of a distribution, mostly that of the source package.</param>
public readonly record struct AdvisoryPackage(string Ecosystem, string Name) : IComparable<AdvisoryPackage>
{
    /// <summary>The order of packages in a database: by ecosystem, then by name, ordinal.</summary>
    public int CompareTo(AdvisoryPackage other)
    {
        var byEcosystem = string.CompareOrdinal(Ecosystem, other.Ecosystem);
        return byEcosystem != 0 ? byEcosystem : string.CompareOrdinal(Name, other.Name);
    }

    public override string ToString() => $"{Ecosystem}/{Name}";

    public static bool operator <(AdvisoryPackage left, AdvisoryPackage right) => left.CompareTo(right) < 0;

    public static bool operator >(AdvisoryPackage left, AdvisoryPackage right) => left.CompareTo(right) > 0;

    public static bool operator <=(AdvisoryPackage left, AdvisoryPackage right) => left.CompareTo(right) <= 0;

    public static bool operator >=(AdvisoryPackage left, AdvisoryPackage right) => left.CompareTo(right) >= 0;
}
