namespace Portcullis.Core.Hardening;

/// <summary>An Event about a node, to be recorded on these NodeHardenings; empty: on all that select the node.</summary>
public sealed record NodeEvent(IReadOnlyList<string> Hardenings, ReportedEvent Event);
