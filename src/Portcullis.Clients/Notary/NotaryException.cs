using System.Net;

namespace Portcullis.Clients.Notary;

/// <summary>
/// A call to a Notary server did not succeed. Branch on <see cref="Kind"/> and <see cref="Code"/>, never on the text, which is cleaned of secrets
/// and may be shown.
/// </summary>
public sealed class NotaryException(NotaryFailure kind, string message, HttpStatusCode? status = null, string? code = null, Exception? inner = null)
    : Exception(message, inner)
{
    public NotaryFailure Kind { get; } = kind;

    /// <summary>The answer's status; null when there was no answer, or when this client itself refused.</summary>
    public HttpStatusCode? Status { get; } = status;

    /// <summary>The server's own code, such as INVALID_UPDATE; null when it gave none.</summary>
    public string? Code { get; } = code;

    /// <summary>Worth another try without any change.</summary>
    public bool IsTransient => Kind is NotaryFailure.Unavailable or NotaryFailure.TooManyRequests;
}
