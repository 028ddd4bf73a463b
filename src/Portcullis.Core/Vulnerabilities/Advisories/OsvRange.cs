namespace Portcullis.Core.Vulnerabilities.Advisories;

/// <summary>What an event of a range says (OSV schema, affected[].ranges[].events).</summary>
internal enum OsvEventKind
{
    Introduced,
    Fixed,
    LastAffected,
    Limit,
}

/// <summary>An event of a range.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Version">Of which version, as the advisory writes it.</param>
internal sealed record OsvEvent(OsvEventKind Kind, string Version);

/// <summary>A range of type SEMVER or ECOSYSTEM, its events in the order of the advisory.</summary>
internal sealed record OsvRange(IReadOnlyList<OsvEvent> Events);
