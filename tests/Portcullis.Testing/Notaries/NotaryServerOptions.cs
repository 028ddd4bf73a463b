namespace Portcullis.Testing.Notaries;

/// <summary>How a test's own notary-server is set up.</summary>
public sealed record NotaryServerOptions
{
    /// <summary>0 for one that is free.</summary>
    public int Port { get; init; }

    /// <summary>Null for a server that asks nobody for a token.</summary>
    public NotaryServerTokens? Tokens { get; init; }

    /// <summary>Holds the keys of timestamps and snapshots; null for the server itself, in memory.</summary>
    public NotarySigner? Signer { get; init; }

    /// <summary>Of the keys that a signer makes, <c>ecdsa</c> or <c>ed25519</c>; the server's own are ed25519 whatever it says.</summary>
    public string KeyAlgorithm { get; init; } = "ecdsa";
}

/// <summary>The tokens that a server takes.</summary>
/// <param name="Realm">Where clients get them.</param>
/// <param name="Service">Their audience.</param>
/// <param name="Issuer">Who makes them.</param>
/// <param name="Roots">The authorities that the signer's certificate must lead to, as PEM.</param>
public sealed record NotaryServerTokens(string Realm, string Service, string Issuer, string Roots);
