using System.Security.Cryptography;

namespace Portcullis.Core.Trust.Tuf;

/// <summary>SubjectPublicKeyInfo (RFC 5280 section 4.1) of the keys that Notary uses.</summary>
internal static class PlainKeys
{
    private const int ShortestRsa = 2048;
    private const int LongestRsa = 8192;
    private const string OtherCurve = "not on P-256, P-384 or P-521";

    /// <summary>The curves by their object identifiers: P-256, P-384, P-521.</summary>
    private static readonly HashSet<string> Curves = new(["1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35"], StringComparer.Ordinal);

    /// <summary>One way of writing each key, so that two of them are never two signers. What cannot be read stays as it is.</summary>
    public static byte[] Normalized(string type, byte[] content)
    {
        try
        {
            switch (type)
            {
                // A point that is not on the curve stays as it is, too.
                case TufKey.Ecdsa when CurveKeyForm.Is(content):
                    return content;
                case TufKey.Ecdsa:
                    using (var key = ImportEcdsa(content))
                    {
                        return key.ExportSubjectPublicKeyInfo();
                    }

                case TufKey.Rsa:
                    using (var key = ImportRsa(content))
                    {
                        return key.ExportSubjectPublicKeyInfo();
                    }

                default:
                    return content;
            }
        }
        catch (CryptographicException)
        {
            return content;
        }
    }

    /// <exception cref="CryptographicException">It is no key on one of the three curves. Curves given by their numbers are refused: a generator can be made up for a key.</exception>
    public static ECDsa ImportEcdsa(byte[] content)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(content, out var read);
            return read == content.Length && (CurveKeyForm.Is(content) || IsNamed(key.ExportParameters(false).Curve)) ? key : throw new CryptographicException(OtherCurve);
        }
        catch (Exception e) when (e is PlatformNotSupportedException or ArgumentException)
        {
            // So the framework refuses a curve that it does not know, and numbers of one that it cannot take apart.
            key.Dispose();
            throw new CryptographicException(OtherCurve, e);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <exception cref="CryptographicException">It is no RSA key, or shorter than 2,048 bits or longer than 8,192.</exception>
    public static RSA ImportRsa(byte[] content)
    {
        var key = RSA.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(content, out var read);
            return read == content.Length && key.KeySize is >= ShortestRsa and <= LongestRsa ? key
                : throw new CryptographicException($"{key.KeySize} bits: at least {ShortestRsa} and at most {LongestRsa}");
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    private static bool IsNamed(ECCurve curve) => curve.IsNamed && Curves.Contains(curve.Oid.Value ?? CurveOf(curve.Oid.FriendlyName));

    private static string CurveOf(string? name) => name switch
    {
        "nistP256" or "ECDSA_P256" => "1.2.840.10045.3.1.7",
        "nistP384" or "ECDSA_P384" => "1.3.132.0.34",
        "nistP521" or "ECDSA_P521" => "1.3.132.0.35",
        _ => "",
    };
}
