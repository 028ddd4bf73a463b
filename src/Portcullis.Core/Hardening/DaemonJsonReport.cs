namespace Portcullis.Core.Hardening;

/// <summary>What a NodeReport says of daemon.json: each NodeHardening of the node, each of our keys, and the pending restart.</summary>
public sealed record DaemonJsonReport(IReadOnlyList<HardeningReport> Hardenings, IReadOnlyList<KeyReport> Keys, PendingRestartReport? PendingRestart);
