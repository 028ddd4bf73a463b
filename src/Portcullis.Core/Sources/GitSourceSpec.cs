using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Portcullis.Core.Scopes;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Sources;

/// <summary>What to read, which signatures to trust, and what it may declare.</summary>
public sealed record GitSourceSpec : ISuspendable
{
    [Description("https://, ssh:// or, where the program allows it, the path of a local repository. Never with a password in it.")]
    [StringLength(2048, MinimumLength = 1)]
    [Rule("!self.matches('^[^/]+@[^/:]+:')", "write ssh://user@host/path instead of user@host:path")]
    [Rule("!self.matches('^[a-z]+://[^/@]*:[^/@]*@')", "a password does not belong in the URL: use secretRef")]
    public required string Url { get; init; }

    [Description("What to follow; the branch main when empty.")]
    public GitReference? Ref { get; init; }

    [Description("The folder to read, from the root of the repository.")]
    [StringLength(1024)]
    [Rule("!self.matches('(^|/)\\\\.\\\\.(/|$)')", "the path must stay inside the repository")]
    public string? Path { get; init; }

    [Description("How often to poll when no push notification arrives. Default 1m.")]
    [RegularExpression(KubernetesDuration.Pattern)]
    public string? Interval { get; init; }

    [Description("Timeout of one Git operation. Default 60s.")]
    [RegularExpression(KubernetesDuration.Pattern)]
    public string? Timeout { get; init; }

    [Description("How long to wait after a failure before the next attempt. Default 15s.")]
    [RegularExpression(KubernetesDuration.Pattern)]
    public string? RetryInterval { get; init; }

    [Description("The Secret in portcullis-system with the credentials: username and password, or bearerToken, or identity and known_hosts.")]
    public SecretReference? SecretRef { get; init; }

    [Description("Whose signature a commit or tag must have.")]
    public GitVerification? Verify { get; init; }

    [Description("Whether objects that were removed from the repository are deleted.")]
    public PrunePolicy? Prune { get; init; }

    [Description("Whether changes that were not made in Git are reverted.")]
    public DriftPolicy? Drift { get; init; }

    [Description("What this source may declare. The root source may declare everything; any other nothing but this.")]
    public SourceScope? Scope { get; init; }

    [Description("Webhook receivers for push notifications.")]
    [Items(10)]
    public IReadOnlyList<GitReceiver>? Receivers { get; init; }

    [Description("Pauses new work and drift correction while true.")]
    public bool? Suspend { get; init; }
}

/// <summary>Which commit is wanted. A commit beats the others; with a branch it need not be advertised by the server.</summary>
[Rule(
    "(has(self.tag) ? 1 : 0) + (has(self.semver) ? 1 : 0) + (has(self.branch) || has(self.commit) ? 1 : 0) <= 1",
    "name one of branch, tag, semver and commit (a commit may name its branch)")]
public sealed record GitReference
{
    [Description("The head of this branch.")]
    [StringLength(255, MinimumLength = 1)]
    public string? Branch { get; init; }

    [Description("This tag.")]
    [StringLength(255, MinimumLength = 1)]
    public string? Tag { get; init; }

    [Description("The tag with the highest version in this range, such as >=1.0.0 <2.0.0.")]
    [StringLength(255, MinimumLength = 1)]
    public string? Semver { get; init; }

    [Description("This commit, 40 hex digits.")]
    [RegularExpression(CommitHash.Pattern)]
    public string? Commit { get; init; }
}

/// <summary>What must be signed.</summary>
public enum VerificationMode
{
    /// <summary>The commit.</summary>
    HEAD,

    /// <summary>The annotated tag.</summary>
    Tag,

    /// <summary>Both.</summary>
    TagAndHEAD,
}

/// <summary>Signature verification: a revision without a good signature by one of these keys never gets in.</summary>
public sealed record GitVerification
{
    [Description("HEAD: the commit; Tag: the annotated tag; TagAndHEAD: both. Default HEAD.")]
    public VerificationMode? Mode { get; init; }

    [Description("The Secret in portcullis-system with the public keys: *.asc (GPG) and *.sshpub (SSH).")]
    public required SecretReference SecretRef { get; init; }
}

/// <summary>The budget of deletions by one revision; beyond it nothing is deleted until that commit is approved.</summary>
public sealed record PrunePolicy
{
    [Description("Delete objects that were removed from the repository. Default true.")]
    public bool? Enabled { get; init; }

    [Description("The maximum number of objects that one revision may delete without approval. Default 20.")]
    [Range(0, 1_000_000)]
    public int? MaxCount { get; init; }

    [Description("The maximum percentage of the objects that one revision may delete without approval. Default 100.")]
    [Range(0, 100)]
    public int? MaxPercent { get; init; }
}

/// <summary>Revert restores the declared state; Warn only reports.</summary>
public enum DriftMode
{
    Revert,
    Warn,
}

/// <summary>Whether changes that were not made in Git are reverted.</summary>
public sealed record DriftPolicy
{
    [Description("Revert: restore the declared state at once (default). Warn: report the difference in the status.")]
    public DriftMode? Mode { get; init; }
}

/// <summary>The forge whose way of signing a push notice is expected.</summary>
public enum ReceiverType
{
    [System.Text.Json.Serialization.JsonStringEnumMemberName("gitlab")]
    GitLab,

    [System.Text.Json.Serialization.JsonStringEnumMemberName("github")]
    GitHub,

    [System.Text.Json.Serialization.JsonStringEnumMemberName("gitea")]
    Gitea,

    [System.Text.Json.Serialization.JsonStringEnumMemberName("generic-hmac")]
    GenericHmac,
}

/// <summary>One sender of push notifications. A notification can only make the source poll now.</summary>
public sealed record GitReceiver
{
    [Description("How a notification is proven: by the forge's own signature or token, or generic.")]
    public required ReceiverType Type { get; init; }

    [Description("The Secret in portcullis-system whose key token is shared with the sender.")]
    public required SecretReference SecretRef { get; init; }

    [Description("The events that count, as the forge names them (push). Default: push and ping, Push Hook and Tag Push Hook.")]
    [Items(20)]
    public IReadOnlyList<string>? Events { get; init; }
}
