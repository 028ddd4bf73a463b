using System.Net;

namespace Portcullis.Clients.Engine;

/// <summary>The Engine refused, or could not be reached (<see cref="StatusCode"/> null). Branch on these, never on the text.</summary>
public sealed class EngineException(string message, HttpStatusCode? statusCode = null, Exception? inner = null) : Exception(message, inner)
{
    public HttpStatusCode? StatusCode { get; } = statusCode;

    public bool IsNotFound => StatusCode == HttpStatusCode.NotFound;

    /// <summary>Nobody listens, or the socket broke: the engine is down or on its way down or up.</summary>
    public bool IsUnreachable => StatusCode is null;

    /// <summary>Worth another try without any change.</summary>
    public bool IsTransient => IsUnreachable || (int)StatusCode!.Value >= 500;
}
