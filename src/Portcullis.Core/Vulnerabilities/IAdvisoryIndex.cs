using Portcullis.Core.Components;

namespace Portcullis.Core.Vulnerabilities;

/// <summary>Advisories by the package that they are about. It does not change while it is used, and any number of threads may read it.</summary>
public interface IAdvisoryIndex
{
    /// <summary>When the newest advisory in it was modified: the date of the database.</summary>
    DateTimeOffset Date { get; }

    /// <summary>
    /// The findings of a component, each vulnerability once, by its identifier. A component whose version is not known has the vulnerabilities of all
    /// versions. A distribution's package is matched with that distribution's advisories alone.
    /// </summary>
    IReadOnlyList<Finding> FindingsOf(Component component, Distribution? distribution);

    /// <summary>
    /// Whether there are any advisories by which such components go. Where there are none, that nothing was found says nothing, and the scan is incomplete.
    /// </summary>
    bool Covers(PackageFormat format, Distribution? distribution) => true;
}
