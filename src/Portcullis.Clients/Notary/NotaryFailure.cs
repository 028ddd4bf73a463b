namespace Portcullis.Clients.Notary;

/// <summary>Why a Notary server's answer is of no use, as far as it decides what to do next.</summary>
public enum NotaryFailure
{
    /// <summary>There is nothing at this address that the server knows: the address is probably not that of a Notary server.</summary>
    NotFound,

    /// <summary>The server wants other credentials (401).</summary>
    Unauthorized,

    /// <summary>The server knows the caller and refuses (403).</summary>
    Denied,

    /// <summary>The server does not accept what was sent (INVALID_UPDATE and others), or the name asked for is none.</summary>
    Invalid,

    /// <summary>Somebody has published meanwhile (VERSION): read again, and publish what follows from that.</summary>
    Conflict,

    /// <summary>The server cannot do this at all.</summary>
    Unsupported,

    /// <summary>The server asks to be called less often, also after pauses.</summary>
    TooManyRequests,

    /// <summary>It cannot be reached, broke off, made no progress, or failed inside (5xx): the same call may succeed later.</summary>
    Unavailable,

    /// <summary>The answer is not what a Notary server writes.</summary>
    Damaged,

    /// <summary>This client does not do it: another host, larger than the caller's bound.</summary>
    Refused,
}
