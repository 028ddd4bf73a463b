namespace Portcullis.Core.Sources;

/// <summary>The reasons of conditions and Events of a GitSource.</summary>
public static class SourceReasons
{
    public const string Applied = "Applied";
    public const string CacheNotWritable = "CacheNotWritable";
    public const string Deleting = "Deleting";
    public const string DriftReverted = "DriftReverted";
    public const string FetchFailed = "FetchFailed";
    public const string FetchNotAllowed = "FetchNotAllowed";
    public const string Forbidden = "Forbidden";
    public const string HistoryRewritten = "HistoryRewritten";
    public const string InvalidRevision = "InvalidRevision";
    public const string InvalidUrl = "InvalidURL";

    /// <summary>The API server does not list a kind, so that nothing of it can be compared or written.</summary>
    public const string KindNotListed = "KindNotListed";

    public const string NotJudged = "NotJudged";
    public const string NotRead = "NotRead";
    public const string NotificationRefused = "NotificationRefused";
    public const string NotYetVerified = "NotYetVerified";
    public const string ObjectsPending = "ObjectsPending";
    public const string Progressing = "Progressing";
    public const string PruneBlocked = "PruneBlocked";
    public const string RepositoryNotSupported = "RepositoryNotSupported";
    public const string SecretNotUsable = "SecretNotUsable";
    public const string Succeeded = "Succeeded";
    public const string VerificationFailed = "VerificationFailed";
}
