using System.Net;
using System.Text.Json.Nodes;

namespace Portcullis.Kubernetes.Client;

/// <summary>The API server refused: the Status it answered, as a value to branch on (never by message text).</summary>
public sealed class KubernetesApiException(HttpStatusCode statusCode, string reason, string message, JsonObject? status = null)
    : Exception(message)
{
    public HttpStatusCode StatusCode { get; } = statusCode;

    /// <summary>The Status reason: NotFound, AlreadyExists, Conflict, Invalid, Forbidden, Expired, TooManyRequests …; empty when the body was no Status.</summary>
    public string Reason { get; } = reason;

    /// <summary>The whole Status, causes included; null when the body was none.</summary>
    public JsonObject? Status { get; } = status;

    public TimeSpan? RetryAfter { get; init; }

    public bool IsNotFound => StatusCode == HttpStatusCode.NotFound;

    public bool IsConflict => StatusCode == HttpStatusCode.Conflict;

    /// <summary>Somebody else wrote to the object at the same moment; an object that exists already is no such conflict.</summary>
    public bool IsWriteConflict => IsConflict && Reason != "AlreadyExists";

    /// <summary>422: a field's value is refused.</summary>
    public bool IsInvalid => StatusCode == HttpStatusCode.UnprocessableEntity;

    public bool IsForbidden => StatusCode == HttpStatusCode.Forbidden;

    /// <summary>Worth another try without any change: 429, 5xx.</summary>
    public bool IsTransient => StatusCode == HttpStatusCode.TooManyRequests || (int)StatusCode >= 500;
}
