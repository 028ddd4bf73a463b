using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.Core.Repositories;
using Portcullis.Core.Vulnerabilities;

namespace Portcullis.Core.Webhooks;

/// <summary>Something that happened in a repository, as its webhooks report it.</summary>
/// <param name="Event">Which of DTR's events it is.</param>
/// <param name="At">When it happened.</param>
/// <param name="Host">The registry's host in image names.</param>
/// <param name="Repository">The repository whose webhooks are notified: ORGANIZATION/NAME.</param>
public abstract record RepositoryNotice(WebhookEvent Event, DateTimeOffset At, string Host, string Repository)
{
    /// <summary>The tag that it is about; null for a manifest without one.</summary>
    public abstract string? SubjectTag { get; }

    /// <summary>The digest that it is about.</summary>
    public abstract string SubjectDigest { get; }

    protected string Namespace => Repository.Split('/', 2)[0];

    protected string Name => Repository.Split('/', 2)[^1];

    internal static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>DTR's field <c>contents</c>.</summary>
    public abstract JsonObject Contents();

    /// <summary>DTR's field <c>location</c>: the page of the subject in DTR's interface.</summary>
    public virtual string Location() => SubjectTag is { } tag ? $"/repositories/{Repository}/tags/{tag}" : $"/repositories/{Repository}";

    /// <summary>A tag was pushed, pulled or deleted.</summary>
    public sealed record OfTag(WebhookEvent Event, DateTimeOffset At, string Host, string Repository, string Tag, string Digest) : RepositoryNotice(Event, At, Host, Repository)
    {
        public string? Author { get; init; }

        /// <summary>As the image's config says; empty for an index.</summary>
        public string Os { get; init; } = "";

        public string Architecture { get; init; } = "";

        public override string? SubjectTag => Tag;

        public override string SubjectDigest => Digest;

        public override JsonObject Contents() => new()
        {
            ["namespace"] = Namespace,
            ["repository"] = Name,
            ["tag"] = Tag,
            ["digest"] = Digest,
            ["imageName"] = $"{Host}/{Repository}:{Tag}",
            ["os"] = Os,
            ["architecture"] = Architecture,
            ["author"] = Author ?? "",
            [WebhookEnvelope.TimeField(Event)] = Time(At),
        };
    }

    /// <summary>A manifest was pushed, pulled or deleted by its digest.</summary>
    public sealed record OfManifest(WebhookEvent Event, DateTimeOffset At, string Host, string Repository, string Digest) : RepositoryNotice(Event, At, Host, Repository)
    {
        public string? Author { get; init; }

        public string Os { get; init; } = "";

        public string Architecture { get; init; } = "";

        public override string? SubjectTag => null;

        public override string SubjectDigest => Digest;

        public override JsonObject Contents() => new()
        {
            ["namespace"] = Namespace,
            ["repository"] = Name,
            ["digest"] = Digest,
            ["imageName"] = $"{Host}/{Repository}@{Digest}",
            ["os"] = Os,
            ["architecture"] = Architecture,
            ["author"] = Author ?? "",
            [WebhookEnvelope.TimeField(Event)] = Time(At),
        };
    }

    /// <summary>An image was scanned, or could not be.</summary>
    public sealed record OfScan(WebhookEvent Event, DateTimeOffset At, string Host, string Repository, string Tag, string Digest) : RepositoryNotice(Event, At, Host, Repository)
    {
        /// <summary>DTR's last_scan_status of a scan that is complete, and of one that failed.</summary>
        private const int ScanDone = 6;

        public FindingSummary Found { get; init; } = FindingSummary.None;

        /// <summary>Why it failed; null when it did not.</summary>
        public string? Error { get; init; }

        public override string? SubjectTag => Tag;

        public override string SubjectDigest => Digest;

        public override JsonObject Contents()
        {
            var contents = new JsonObject { ["namespace"] = Namespace, ["repository"] = Name, ["tag"] = Tag, ["digest"] = Digest, ["imageName"] = $"{Host}/{Repository}:{Tag}" };
            if (Error is not null)
            {
                contents["error"] = Error;
                return contents;
            }

            contents["scanSummary"] = new JsonObject
            {
                ["namespace"] = Namespace,
                ["repository"] = Name,
                ["reponame"] = Name,
                ["tag"] = Tag,
                ["critical"] = Found.Critical,
                ["major"] = Found.Major,
                ["minor"] = Found.Minor,
                ["unknown"] = Found.Unknown,
                ["last_scan_status"] = ScanDone,
                ["check_completed_at"] = Time(At),
                ["should_rescan"] = false,
                ["has_foreign_layers"] = false,
            };
            return contents;
        }
    }

    /// <summary>An image that was promoted to this repository would not be now.</summary>
    public sealed record OfRegression(DateTimeOffset At, string Host, string Repository, string Policy, string Tag, string Digest, string Reason)
        : RepositoryNotice(WebhookEvent.ScanRegressed, At, Host, Repository)
    {
        public override string? SubjectTag => Tag;

        public override string SubjectDigest => Digest;

        public override JsonObject Contents() => new()
        {
            ["namespace"] = Namespace,
            ["repository"] = Name,
            ["tag"] = Tag,
            ["digest"] = Digest,
            ["imageName"] = $"{Host}/{Repository}:{Tag}",
            ["promotionPolicyID"] = Policy,
            ["reason"] = Reason,
        };
    }

    /// <summary>An image was promoted from this repository.</summary>
    public sealed record OfPromotion(DateTimeOffset At, string Host, string Repository, string Policy, string SourceTag, string Digest)
        : RepositoryNotice(WebhookEvent.Promotion, At, Host, Repository)
    {
        public required string TargetRepository { get; init; }

        public required string TargetTag { get; init; }

        public override string? SubjectTag => TargetTag;

        public override string SubjectDigest => Digest;

        public override string Location() => $"/repositories/{TargetRepository}/tags/{TargetTag}";

        public override JsonObject Contents() => new()
        {
            ["promotionPolicyID"] = Policy,
            ["digest"] = Digest,
            ["sourceRepository"] = Repository,
            ["sourceTag"] = SourceTag,
            ["targetRepository"] = TargetRepository,
            ["targetTag"] = TargetTag,
            ["promotedAt"] = Time(At),
        };
    }
}
