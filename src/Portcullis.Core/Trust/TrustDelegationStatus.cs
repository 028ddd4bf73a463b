using System.ComponentModel;

namespace Portcullis.Core.Trust;

/// <summary>What the Notary server has of each repository, and what is still to be done, by whom.</summary>
public sealed record TrustDelegationStatus : DeclarableStatus
{
    [Description("Number of repositories.")]
    public int? Count { get; init; }

    [Description("Number of repositories whose trust data is as declared.")]
    public int? Published { get; init; }

    [Description("Number of repositories that wait for a signature or a key.")]
    public int? Pending { get; init; }

    [Description("Number of repositories whose trust data somebody else changed, or that have delegations which nobody declares.")]
    public int? Drifted { get; init; }

    [Description("The earliest end of any trust data of these repositories that is not signed anew by itself.")]
    public DateTimeOffset? ExpiresAt { get; init; }

    [Description("The ids of the pinned root keys.")]
    [Items(20)]
    public IReadOnlyList<string>? RootKeys { get; init; }

    [Description("Each repository, those that need somebody first; of the first 20 with their roles.")]
    [Items(500)]
    public IReadOnlyList<RepositoryTrustStatus>? Repositories { get; init; }
}

/// <summary>The trust data of one repository.</summary>
public sealed record RepositoryTrustStatus
{
    [Description("The name of the repository.")]
    public required string Repository { get; init; }

    [Description("Published, Pending (a signature or a key is missing), Uninitialized (there is no trust data and none is made), Conflict (two TrustDelegations contradict), Rejected (what the server has must not be believed), Unreachable or Failed.")]
    public required string State { get; init; }

    [Description("What is to be done, and by whom.")]
    public string? Message { get; init; }

    [Description("The versions of root, targets, snapshot and timestamp, as ROOT/TARGETS/SNAPSHOT/TIMESTAMP.")]
    public string? Versions { get; init; }

    [Description("What was declared when it was last published or found published, as a digest.")]
    public string? Declared { get; init; }

    [Description("The earliest end of root, targets and delegations.")]
    public DateTimeOffset? ExpiresAt { get; init; }

    [Description("The delegations, at most 20.")]
    [Items(20)]
    public IReadOnlyList<RoleTrustStatus>? Roles { get; init; }

    [Description("Number of delegations.")]
    public int? RoleCount { get; init; }

    [Description("What differs from the declaration and is not changed, at most 20.")]
    [Items(20)]
    public IReadOnlyList<string>? Drift { get; init; }

    [Description("Tags that lost their signature when a key was last removed, or that lose it when what is pending is published; at most 20.")]
    [Items(20)]
    public IReadOnlyList<string>? LosesSignature { get; init; }

    [Description("A root that waits for a signature from outside.")]
    public PendingSignature? Pending { get; init; }
}

/// <summary>One role of the trust data.</summary>
public sealed record RoleTrustStatus
{
    [Description("The role, such as targets/releases.")]
    public required string Name { get; init; }

    [Description("Whose keys sign for the role, each as the first digits of the key's id and its holder; at most 10.")]
    [Items(10)]
    public IReadOnlyList<string>? Keys { get; init; }

    [Description("How many keys must sign.")]
    public int? Threshold { get; init; }

    [Description("The version of what the role has signed; none when nobody has signed for it yet.")]
    public long? Version { get; init; }

    [Description("When its metadata expires.")]
    public DateTimeOffset? ExpiresAt { get; init; }

    [Description("Declared, Undeclared, Differs or Missing.")]
    public required string State { get; init; }
}

/// <summary>What is to be signed where the key is.</summary>
public sealed record PendingSignature
{
    [Description("root.")]
    public required string Role { get; init; }

    [Description("The version of the root that waits.")]
    public required long Version { get; init; }

    [Description("The ids of the keys whose signatures are still missing.")]
    [Items(20)]
    public required IReadOnlyList<string> Keys { get; init; }

    [Description("The bytes to be signed, in base64. Their signatures belong into spec.root.signatures.")]
    public required string Content { get; init; }
}
