using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Trust;

/// <summary>Repositories, the keys that the operator holds for them, and the delegations that their trust data must have.</summary>
[Rule("!has(self.snapshot) || self.snapshot != 'Operator' || has(self.snapshotKeySecretRef)", "snapshot: Operator needs snapshotKeySecretRef")]
[Rule("!has(self.snapshotKeySecretRef) || (has(self.snapshot) && self.snapshot == 'Operator')", "snapshotKeySecretRef is for snapshot: Operator")]
[Rule("!has(self.initialize) || self.initialize != 'IfMissing' || has(self.targets)", "initialize: IfMissing needs targets.keySecretRef: without a targets key there is nothing to sign with")]
public sealed record TrustDelegationSpec : ISuspendable
{
    [Description("Publishes nothing while true; what is published stays, and the pinned root keys stay in force.")]
    public bool? Suspend { get; init; }

    [Description("The name of the Registry whose Notary server has the trust data.")]
    [StringLength(253, MinimumLength = 1)]
    public required string Registry { get; init; }

    [Description("Declared Repositories of this registry, by name or with * for any part. The trust data of each is named HOST/REPOSITORY.")]
    [ListMap]
    [Items(100, Minimum = 1)]
    public required IReadOnlyList<string> Repositories { get; init; }

    [Description("IfMissing: trust data is made for a repository that has none. Never: it is only changed where it exists. Default IfMissing when root.keySecretRef is given, else Never.")]
    public TrustInitialization? Initialize { get; init; }

    [Description("The root keys that are trusted for these repositories.")]
    public required TrustRoot Root { get; init; }

    [Description("The key that signs the list of delegations. Without it the operator only reports what differs.")]
    public TrustKeyReference? Targets { get; init; }

    [Description("Who signs snapshots. Server (default): the Notary server, so that signers need no key of ours. Operator: the operator.")]
    [DefaultValue(SnapshotHolder.Server)]
    public SnapshotHolder Snapshot { get; init; }

    [Description("The Secret in portcullis-trust with the snapshot key; for snapshot: Operator.")]
    public SecretReference? SnapshotKeySecretRef { get; init; }

    [Description("The delegations, and who may sign for each.")]
    [ListMap("name")]
    [Items(5000)]
    public IReadOnlyList<TrustRole>? Roles { get; init; }

    [Description("What is done with delegations that nobody declares. Report (default): they are listed in the status. Prune: they are removed.")]
    [DefaultValue(UndeclaredRoles.Report)]
    public UndeclaredRoles Undeclared { get; init; }

    [Description("What is done when somebody changed a declared delegation on the server. Revert (default): it is put back. Report: the difference is listed in the status until the declaration changes.")]
    [DefaultValue(TrustDrift.Revert)]
    public TrustDrift Drift { get; init; }

    [Description("When the end of trust data is reported, and when the operator signs it anew where it holds the key.")]
    public TrustExpiry? Expiry { get; init; }

    /// <summary>Whether trust data is made where there is none.</summary>
    [JsonIgnore]
    public bool Initializes => (Initialize ?? (Root.KeySecretRef is null ? TrustInitialization.Never : TrustInitialization.IfMissing)) == TrustInitialization.IfMissing;
}

/// <summary>Whether trust data is made for a repository that has none.</summary>
public enum TrustInitialization
{
    Never,
    IfMissing,
}

/// <summary>Who signs snapshots.</summary>
public enum SnapshotHolder
{
    Server,
    Operator,
}

/// <summary>What is done with delegations that nobody declares.</summary>
public enum UndeclaredRoles
{
    Report,
    Prune,
}

/// <summary>What is done with a declared delegation that somebody changed on the server.</summary>
public enum TrustDrift
{
    Revert,
    Report,
}

/// <summary>The root keys that are trusted, and how what they must sign gets signed.</summary>
[Rule("has(self.publicKeys) || has(self.keySecretRef)", "name publicKeys or keySecretRef: no root key is ever trusted because the server presents it first")]
public sealed record TrustRoot
{
    [Description("The Secret in portcullis-trust with the root key. Better without: keep the key offline, and give its signatures in signatures.")]
    public SecretReference? KeySecretRef { get; init; }

    [Description("The pinned root keys: PEM, CERTIFICATE or PUBLIC KEY. Notary's clients accept a root key only as a certificate whose common name is the name of the trust data or a prefix of it followed by *. Without publicKeys, the key in keySecretRef is the pinned one.")]
    [Items(10, Minimum = 1)]
    public IReadOnlyList<string>? PublicKeys { get; init; }

    [Description("Signatures of root keys that are kept offline, over the bytes that status.repositories[].pending.content holds.")]
    [Items(1000)]
    public IReadOnlyList<OfflineSignature>? Signatures { get; init; }
}

/// <summary>A signature that was made where the key is.</summary>
public sealed record OfflineSignature
{
    [Description("The repository whose root is signed.")]
    [StringLength(200, MinimumLength = 1)]
    public required string Repository { get; init; }

    [Description("The id of the key, as status.repositories[].pending.keys names it.")]
    [RegularExpression("^[a-f0-9]{64}$")]
    public required string KeyId { get; init; }

    [Description("ecdsa, rsapss, rsapkcs1v15 or eddsa.")]
    [RegularExpression("^(ecdsa|rsapss|rsapkcs1v15|eddsa)$")]
    public required string Method { get; init; }

    [Description("The signature in base64. Of ecdsa both forms are understood: r and s one after the other, and the DER that openssl writes.")]
    [StringLength(2048, MinimumLength = 16)]
    [RegularExpression("^[A-Za-z0-9+/]+=*$")]
    public required string Sig { get; init; }
}

/// <summary>A private key that the operator holds.</summary>
public sealed record TrustKeyReference
{
    [Description("The Secret in portcullis-trust with the key: each value that is a PEM block of a private key is read, as Notary's key files are; encrypted ones with the passphrase in the key passphrase.")]
    public required SecretReference KeySecretRef { get; init; }
}

/// <summary>A delegation.</summary>
public sealed record TrustRole
{
    [Description("targets/releases is the role that docker pull looks into; targets/TEAM is what a SigningPolicy asks for.")]
    [StringLength(DelegationName.Longest, MinimumLength = 9)]
    [RegularExpression(DelegationName.Pattern)]
    public required string Name { get; init; }

    [Description("Whose keys sign for the role.")]
    [Items(100)]
    public IReadOnlyList<TrustSigner>? Signers { get; init; }

    [Description("How many of the keys must sign. Default 1. Notary's clients sign with the keys of one machine: to ask for several people, use the threshold of a SigningPolicy.")]
    [Range(1, 100)]
    public int? Threshold { get; init; }

    [Description("Beginnings of the tags that the role may sign. Default all.")]
    [Items(100)]
    public IReadOnlyList<string>? Paths { get; init; }
}

/// <summary>One signer, or all members of a team. That exactly one field is given is checked over the revision: as a rule of the CRD it would cost too much for so many.</summary>
public sealed record TrustSigner
{
    [Description("The signer's certificate or public key, PEM.")]
    [StringLength(16384, MinimumLength = 1)]
    public string? Certificate { get; init; }

    [Description("The Secret in portcullis-trust with the signer's certificate (tls.crt) or public key. Where the Secret has the private key too, the operator signs what expires of the role.")]
    public SecretReference? SecretRef { get; init; }

    [Description("ORGANIZATION/TEAM: every public key of its members.")]
    [StringLength(320, MinimumLength = 3)]
    [RegularExpression("^[^/]+/[^/]+$")]
    public string? Team { get; init; }

    [Description("ORGANIZATION/USER: every public key of this user of the organization.")]
    [StringLength(512, MinimumLength = 3)]
    [RegularExpression("^[^/]+/.+$")]
    public string? User { get; init; }
}

/// <summary>Times before the end of trust data.</summary>
public sealed record TrustExpiry
{
    [Description("How long before its end trust data is signed anew, or reported where the operator does not hold the key. Default 720h, at most 8760h.")]
    [RegularExpression(KubernetesDuration.Pattern)]
    public string? WarnBefore { get; init; }
}
