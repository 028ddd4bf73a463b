namespace Portcullis.Trust.Keys;

/// <summary>What a private key's file came to when it was read.</summary>
internal abstract record KeyFile
{
    private KeyFile()
    {
    }

    /// <summary>A key that can sign.</summary>
    /// <param name="Key">The reader's to dispose of.</param>
    /// <param name="Role">The role that its file names; null when it names none.</param>
    /// <param name="Gun">The globally unique name that its file names; null when it names none, as of root keys.</param>
    public sealed record Opened(TrustSigningKey Key, string? Role, string? Gun) : KeyFile;

    /// <summary>It cannot be used. The message says why and what to do, and nothing of the key.</summary>
    public sealed record Unusable(string Message) : KeyFile;
}
