using System.Net;

namespace Portcullis.Testing.Faults;

/// <summary>What goes wrong with one request.</summary>
public abstract record Fault
{
    private Fault()
    {
    }

    /// <summary>A Status of this code instead of the server's answer. Without <paramref name="Forwarded"/> the server never sees the request.</summary>
    public sealed record Answer(HttpStatusCode Code, string Reason, TimeSpan? RetryAfter = null, bool Forwarded = false) : Fault;

    /// <summary>200 with a body that is not what was asked for: a proxy's page, say.</summary>
    public sealed record Garbage(string Body, string ContentType = "text/html") : Fault;

    /// <summary>The answer comes late.</summary>
    public sealed record Delay(TimeSpan By) : Fault;

    /// <summary>No answer ever; the request ends when the client gives up.</summary>
    public sealed record Hang : Fault;

    /// <summary>The connection is reset before the server sees the request.</summary>
    public sealed record Cut : Fault;

    /// <summary>The server does it, the client never hears of it.</summary>
    public sealed record CutAfterForward : Fault;

    /// <summary>The connection is reset after so many bytes of the answer's body: a list or a watch breaks off inside an object.</summary>
    public sealed record CutBody(long AfterBytes) : Fault;

    /// <summary>The server does it at once; each piece of the answer's body is kept back for as long as the function says.</summary>
    public sealed record SlowBody(Func<TimeSpan> Pause) : Fault;

    /// <summary>409 with the reason Conflict.</summary>
    public static Fault Conflict { get; } = new Answer(HttpStatusCode.Conflict, "Conflict");

    public static Fault TooManyRequests { get; } = new Answer(HttpStatusCode.TooManyRequests, "TooManyRequests", TimeSpan.FromSeconds(1));

    public static Fault InternalError { get; } = new Answer(HttpStatusCode.InternalServerError, "InternalError");

    public static Fault Gone { get; } = new Answer(HttpStatusCode.Gone, "Expired");
}

/// <summary>A request as a fault's predicate and the tests' counting see it.</summary>
public sealed record SeenRequest(string Method, string Path, string Query)
{
    /// <summary>Changes something: reviews, which are answered and not stored, do not.</summary>
    public bool IsWrite =>
        Method is "POST" or "PUT" or "PATCH" or "DELETE"
        && !Path.StartsWith("/apis/authorization.k8s.io/", StringComparison.Ordinal)
        && !Path.StartsWith("/apis/authentication.k8s.io/", StringComparison.Ordinal);

    public bool IsWatch => Method == "GET" && Query.Contains("watch=true", StringComparison.Ordinal);

    public bool IsList => Method == "GET" && !IsWatch && Query.Contains("limit=", StringComparison.Ordinal);

    public override string ToString() => $"{Method} {Path}{Query}";
}

/// <summary>Whether a process dies before the server sees its write, or after the server has done it.</summary>
public enum KillMoment
{
    BeforeForward,
    AfterForward,
}
