using System.ComponentModel;

namespace Portcullis.Core.Signing;

/// <summary>What the policy comes to, and what of the running workloads it would refuse.</summary>
public sealed record SigningPolicyStatus : DeclarableStatus
{
    [Description("Since when the policy is enforced; empty while it is not.")]
    public DateTimeOffset? EnforcedSince { get; init; }

    [Description("The teams that must have signed, with how many of their members have a public key.")]
    [Items(20)]
    public IReadOnlyList<SigningTeamStatus>? Teams { get; init; }

    [Description("What of the workloads in the policy's scope would be refused if it were enforced.")]
    public SigningImpact? Impact { get; init; }
}

/// <summary>A team as the policy finds it.</summary>
public sealed record SigningTeamStatus
{
    [Description("The team, as ORGANIZATION/TEAM.")]
    public required string Team { get; init; }

    [Description("How many of them must have signed.")]
    public required int Threshold { get; init; }

    [Description("The number of members whose signatures count.")]
    public required int Members { get; init; }

    [Description("Members with at least one public key: only they can sign.")]
    public required int WithKeys { get; init; }
}

/// <summary>The report of what would be refused.</summary>
public sealed record SigningImpact
{
    [Description("When the workloads were looked at.")]
    public required DateTimeOffset At { get; init; }

    [Description("Number of workloads in the policy's scope.")]
    public required int Workloads { get; init; }

    [Description("Number of them that would be refused, or about which nothing could be found out.")]
    public required int Refused { get; init; }

    [Description("Number of different images that they use.")]
    public required int Images { get; init; }

    [Description("Workloads that would be refused, in the order of their names; at most 50.")]
    [Items(50)]
    public IReadOnlyList<RefusedWorkload>? Refusals { get; init; }
}

/// <summary>A workload that runs now and would be refused.</summary>
public sealed record RefusedWorkload
{
    [Description("KIND NAMESPACE/NAME.")]
    public required string Workload { get; init; }

    [Description("The image that would be refused.")]
    public required string Image { get; init; }

    [Description("Why.")]
    public required string Reason { get; init; }
}
