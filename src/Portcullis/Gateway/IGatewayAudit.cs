namespace Portcullis.Gateway;

/// <summary>Takes a record of each decision about a request. It must not fail its caller and must not wait.</summary>
internal interface IGatewayAudit
{
    void Write(GatewayAuditRecord record);
}

/// <summary>Who asked for what, and what was decided.</summary>
/// <param name="Caller">Who, and by which access token.</param>
/// <param name="Verb">What he asked for: pull, push, delete, list, …</param>
/// <param name="Subject">The image or blob, as <c>HOST/REPOSITORY:TAG</c> or <c>HOST/REPOSITORY@DIGEST</c>.</param>
/// <param name="Rule">What decided: the grant, the visibility, the token, a rule of the repository.</param>
internal sealed record GatewayAuditRecord(string Caller, string Verb, string Subject, string Rule)
{
    /// <summary>The answer's status.</summary>
    public required int Status { get; init; }

    /// <summary>The manifest that was written or sent; null when there is none.</summary>
    public string? Digest { get; init; }

    /// <summary>Why it was refused; null when it was not.</summary>
    public string? Reason { get; init; }

    /// <summary>From where it came.</summary>
    public string? Address { get; init; }

    /// <summary>Whether it is one of the many requests of a pull or push that only follow another decision.</summary>
    public bool IsPart { get; init; }
}
