namespace Portcullis.Core.Trust.Tuf;

/// <summary>How signatures say they were made (Notary's tuf/data/types.go).</summary>
public static class SignatureMethod
{
    /// <summary>SHA-256, and the two numbers one after the other.</summary>
    public const string Ecdsa = "ecdsa";

    /// <summary>SHA-256, and a salt of 32 bytes.</summary>
    public const string RsaPss = "rsapss";

    /// <summary>SHA-256, and PKCS #1 version 1.5.</summary>
    public const string RsaPkcs1 = "rsapkcs1v15";

    /// <summary>Ed25519 of RFC 8032.</summary>
    public const string EdDsa = "eddsa";
}
