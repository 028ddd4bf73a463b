namespace Portcullis.Core.Vulnerabilities.Advisories;

/// <summary>An advisory by which a component is affected.</summary>
/// <param name="Details">What it says.</param>
/// <param name="Versions">The affected versions of the component's package, packed (<see cref="VersionSet.Packed"/>).</param>
/// <param name="FixedIn">The version that is said to be free; null when there is none.</param>
/// <param name="FixKey">The bytes of the key of <paramref name="FixedIn"/>.</param>
public readonly record struct AdvisoryMatch(AdvisoryDetails Details, ReadOnlyMemory<byte> Versions, string? FixedIn, ReadOnlyMemory<byte> FixKey);
