namespace Portcullis.Identity.Logins;

/// <summary>By what the number of tries is bounded, which depends on what one try costs and whether guessing can ever succeed.</summary>
internal enum GuessBound
{
    /// <summary>By nothing: a random token of 256 bits or a signature, checked here for next to nothing. Nobody guesses one, and nobody's failures keep one out.</summary>
    None,

    /// <summary>By the client's address: it cannot be guessed, but each try costs another server a request.</summary>
    Address,

    /// <summary>By the address, the name, and both together: a password.</summary>
    NameAndAddress,
}
