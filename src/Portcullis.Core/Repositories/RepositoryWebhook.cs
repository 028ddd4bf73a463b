using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Portcullis.Core.Repositories;

/// <summary>Where notifications of a repository are sent, and in which form.</summary>
[Rule("has(self.url) != has(self.urlSecretRef)", "name one of url and urlSecretRef")]
[Rule("self.format != 'GitLabTrigger' || has(self.secretRef)", "a GitLab trigger needs secretRef: the Secret with its token")]
public sealed record RepositoryWebhook
{
    [StringLength(63, MinimumLength = 1)]
    [RegularExpression("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")]
    [Description("A name for messages and deliveries.")]
    public required string Name { get; init; }

    [Description("What is notified of.")]
    [ListMap]
    [Items(20, Minimum = 1)]
    public required IReadOnlyList<WebhookEvent> Events { get; init; }

    [Description("Where it is sent. Not with a password or token in it: use urlSecretRef or secretRef.")]
    [StringLength(2048, MinimumLength = 1)]
    [RegularExpression("^https?://")]
    public string? Url { get; init; }

    [Description("The Secret in portcullis-system whose key url is where it is sent.")]
    public SecretReference? UrlSecretRef { get; init; }

    [Description("DTR: DTR's JSON envelope (default). GitLabTrigger: the pipeline trigger form, with token, ref and variables.")]
    [DefaultValue(WebhookFormat.DTR)]
    public WebhookFormat Format { get; init; }

    [Description("The Secret in portcullis-system: its key secret signs each delivery (Standard Webhooks); its key token is the token of a GitLab trigger.")]
    public SecretReference? SecretRef { get; init; }

    [Description("The branch or tag whose pipeline a GitLab trigger starts. Default main.")]
    [StringLength(255, MinimumLength = 1)]
    public string? Ref { get; init; }

    [Description("The Secret in portcullis-system whose ca.crt signs the receiver's certificate. The system's authorities when empty.")]
    public SecretReference? CaSecretRef { get; init; }

    [Description("Keeps the webhook without sending anything while true.")]
    public bool? Suspend { get; init; }
}

/// <summary>The form of a delivery.</summary>
public enum WebhookFormat
{
    DTR,
    GitLabTrigger,
}

/// <summary>DTR's event types, under DTR's names, and one more.</summary>
public enum WebhookEvent
{
    [JsonStringEnumMemberName("TAG_PUSH")]
    TagPush,

    [JsonStringEnumMemberName("TAG_PULL")]
    TagPull,

    [JsonStringEnumMemberName("TAG_DELETE")]
    TagDelete,

    [JsonStringEnumMemberName("MANIFEST_PUSH")]
    ManifestPush,

    [JsonStringEnumMemberName("MANIFEST_PULL")]
    ManifestPull,

    [JsonStringEnumMemberName("MANIFEST_DELETE")]
    ManifestDelete,

    [JsonStringEnumMemberName("SCAN_COMPLETED")]
    ScanCompleted,

    [JsonStringEnumMemberName("SCAN_FAILED")]
    ScanFailed,

    /// <summary>Not one of DTR's: an image that was promoted to the repository would not be now.</summary>
    [JsonStringEnumMemberName("SCAN_REGRESSED")]
    ScanRegressed,

    [JsonStringEnumMemberName("PROMOTION")]
    Promotion,

    [JsonStringEnumMemberName("REPO_EVENT")]
    RepositoryEvent,
}
