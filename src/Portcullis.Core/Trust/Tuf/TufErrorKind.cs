namespace Portcullis.Core.Trust.Tuf;

/// <summary>Which check metadata did not pass.</summary>
public enum TufErrorKind
{
    /// <summary>It is not written as metadata are: not JSON, a member missing, twice or out of its range, bytes that are no UTF-8.</summary>
    Malformed,

    /// <summary>It is longer than any of its role may be.</summary>
    TooLarge,

    /// <summary>It is metadata of another role.</summary>
    WrongRole,

    /// <summary>A key is listed under an id that is another key's.</summary>
    KeyId,

    /// <summary>Fewer keys of the role have signed than must.</summary>
    Threshold,

    /// <summary>No pinned key has signed the first root.</summary>
    NotPinned,

    /// <summary>It is older than what was seen before.</summary>
    Rollback,

    /// <summary>A root does not follow the one before it by one.</summary>
    NotNext,

    /// <summary>Its time is over, or that of the certificates that signed it.</summary>
    Expired,

    /// <summary>It is another file than the one that the metadata above it name.</summary>
    Mismatch,

    /// <summary>Nothing above it names it.</summary>
    NotListed,

    /// <summary>It was given before what it is verified with.</summary>
    OutOfOrder,

    /// <summary>More roots in a row, more delegations or deeper ones than are followed.</summary>
    TooMany,
}
