namespace Portcullis.Kubernetes;

/// <summary>Which Lease is held by whom, and Flux's times: a leader that cannot renew gives up before anyone else may take over.</summary>
public sealed record LeaderElectionOptions(string Namespace, string Name, string Identity)
{
    /// <summary>Others take over when they saw no renewal for so long.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(35);

    /// <summary>The leader stops when it could not renew for so long; shorter than the lease, so that two never act at once.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(5);
}
