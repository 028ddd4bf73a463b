using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Portcullis.Core.Signing;

/// <summary>Who must have signed an image, where that holds, and what follows when nobody has.</summary>
[Rule("has(self.required) != (has(self.anySigner) && self.anySigner)", "name teams in required, or set anySigner: true, and not both")]
public sealed record SigningPolicySpec : ISuspendable
{
    [Description("Pauses the report of what would be refused; what the policy asks for stays in force. To switch the policy off, set mode: \"Off\".")]
    public bool? Suspend { get; init; }

    [Description("Enforce: an image without the signatures does not run. Audit: it runs, with a warning. \"Off\" (in quotes, since YAML reads Off as false): it is not looked at.")]
    public required SigningMode Mode { get; init; }

    [Description("Where the policy holds; without a scope, everywhere. An image must satisfy every policy that covers it.")]
    public SigningScope? Scope { get; init; }

    [Description("The teams that must have signed: every one of them. A person in two of the teams counts for both.")]
    [ListMap("team")]
    [Items(20, Minimum = 1)]
    public IReadOnlyList<RequiredTeam>? Required { get; init; }

    [Description("True: any valid signature is enough, whoever signed.")]
    public bool? AnySigner { get; init; }

    [Description("Whether what is signed in the role targets itself counts, and not only what is signed in delegations. Default false. targets/releases counts for anySigner, and never towards a team.")]
    public bool? AcceptTargets { get; init; }

    [Description("Judge: every new pod is judged (default). Allow: pods of workloads that were there before the policy was enforced are not.")]
    [DefaultValue(ExistingWorkloads.Judge)]
    public ExistingWorkloads Existing { get; init; }

    [Description("Who verifies signatures: notary. An image needs the signatures of one of them. Default: all there are.")]
    [ListMap]
    [Items(10, Minimum = 1)]
    public IReadOnlyList<SignatureVerifier>? Verifiers { get; init; }

    /// <summary>The teams and their thresholds; empty where any signer is enough.</summary>
    public IReadOnlyList<RequiredTeam> Teams() => Required ?? [];
}

/// <summary>A team of which some members must have signed.</summary>
public sealed record RequiredTeam
{
    [Description("ORGANIZATION/TEAM.")]
    [StringLength(127, MinimumLength = 3)]
    [RegularExpression("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?/[a-z0-9]([-a-z0-9]*[a-z0-9])?$")]
    public required string Team { get; init; }

    [Description("How many of its members must have signed, each with a key of his own. Default 1.")]
    [Range(1, 100)]
    public int? Threshold { get; init; }

    /// <summary>The threshold, also of a manifest that leaves it out.</summary>
    public int Count() => Threshold ?? 1;
}

/// <summary>Where a policy holds. Within one list it is enough that one entry matches; each list that is there must match.</summary>
public sealed record SigningScope
{
    [Description("Paths of collections: workloads in namespaces of the collection and of everything below it.")]
    [ListMap]
    [Items(100, Minimum = 1)]
    public IReadOnlyList<string>? Collections { get; init; }

    [Description("Namespaces of workloads, * for any part of the name.")]
    [ListMap]
    [Items(100, Minimum = 1)]
    [StringLength(63, MinimumLength = 1)]
    public IReadOnlyList<string>? Namespaces { get; init; }

    [Description("Repositories of declared registries, without the host, * for any part of the name: acme/*. Images of other registries are then not covered.")]
    [ListMap]
    [Items(100, Minimum = 1)]
    [StringLength(255, MinimumLength = 1)]
    public IReadOnlyList<string>? Repositories { get; init; }

    /// <summary>The same places, whatever the repository.</summary>
    public SigningScope Anywhere() => this with { Repositories = null };
}

/// <summary>What happens with workloads that are older than the enforcement of a policy.</summary>
public enum ExistingWorkloads
{
    Judge,
    Allow,
}
