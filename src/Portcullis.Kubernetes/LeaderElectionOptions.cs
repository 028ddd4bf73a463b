namespace Portcullis.Kubernetes;

/// <summary>
/// Which Lease is held by whom, and the times. They keep the order of client-go (LeaseDuration &gt; RenewDeadline &gt; 1.2 RetryPeriod) and are shorter than
/// its defaults of 15 s, 10 s and 2 s, with which a copy takes over up to 17 s after the leader was killed: here it does within 12 s.
/// </summary>
public sealed record LeaderElectionOptions(string Namespace, string Name, string Identity)
{
    /// <summary>Others take over when they saw no renewal for so long.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The leader stops when it could not renew for so long; shorter than the lease, so that two never act at once.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(7);

    /// <summary>How often the leader renews (one request), and how often others look (one request).</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);
}
