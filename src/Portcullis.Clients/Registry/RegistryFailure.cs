namespace Portcullis.Clients.Registry;

/// <summary>Why a registry's answer is of no use, as far as it decides what to do next.</summary>
public enum RegistryFailure
{
    /// <summary>The repository, manifest, blob or upload is not there.</summary>
    NotFound,

    /// <summary>The registry wants other credentials (401).</summary>
    Unauthorized,

    /// <summary>The registry knows the caller and refuses (403).</summary>
    Denied,

    /// <summary>The registry does not take what was sent, or the name asked for is none.</summary>
    Invalid,

    /// <summary>The registry cannot do this at all.</summary>
    Unsupported,

    /// <summary>The registry asks to be called less often, also after pauses.</summary>
    TooManyRequests,

    /// <summary>It cannot be reached, broke off, made no progress, or failed inside (5xx): the same call may succeed later.</summary>
    Unavailable,

    /// <summary>Content is not what its digest or length says, or an answer is not what the specification asks for.</summary>
    Damaged,

    /// <summary>This client does not do it: another host, too large.</summary>
    Refused,

    /// <summary>The image is nested deeper, or has more manifests, than this client follows.</summary>
    TooDeep,
}
