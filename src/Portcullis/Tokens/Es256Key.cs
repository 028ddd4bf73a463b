using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Portcullis.Tokens;

/// <summary>
/// Signs JSON Web Tokens with one ECDSA P-256 key and reads those that it signed (RFC 7515; RFC 7518, ES256). The algorithm is fixed: what a token
/// says of it only decides whether the token is read.
/// </summary>
internal sealed class Es256Key : IDisposable
{
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly ECDsa _key;
    private readonly SigningCredentials _credentials;
    private readonly TokenValidationParameters _accepted;
    private readonly Dictionary<string, object>? _header;

    /// <param name="key">Owned from here on.</param>
    /// <param name="chain">Certificates in DER, the key's own first: written into each token (<c>x5c</c>). None for a key that the reader knows.</param>
    public Es256Key(ECDsa key, IReadOnlyList<byte[]>? chain = null)
    {
        _key = key;
        _header = chain is null ? null : new Dictionary<string, object>(StringComparer.Ordinal) { ["x5c"] = chain.Select(Convert.ToBase64String).ToArray() };
        Id = Base64Url.EncodeToString(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
        var signing = new ECDsaSecurityKey(key)
        {
            KeyId = Id,

            // With a cache of its own: the library's default one belongs to the process, and would use the key after this object is disposed.
            CryptoProviderFactory = new CryptoProviderFactory(),
        };
        _credentials = new SigningCredentials(signing, SecurityAlgorithms.EcdsaSha256);
        _accepted = new TokenValidationParameters
        {
            IssuerSigningKey = signing,
            TryAllIssuerSigningKeys = false,
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
#pragma warning disable CA5404 // TokenVerifier checks issuer, audience and lifetime by the program's clock, each with a reason of its own
            ValidateIssuer = false,
            ValidateAudience = false,
            ValidateLifetime = false,
#pragma warning restore CA5404
        };
    }

    /// <summary>The key's name in a token's header (<c>kid</c>): the digest of the public key.</summary>
    public string Id { get; }

    /// <summary>A key in PEM, as <see cref="NewPem"/> makes it.</summary>
    /// <exception cref="CryptographicException">It is not a P-256 key.</exception>
    public static ECDsa FromPem(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return key.KeySize == 256 ? key : throw new CryptographicException("it is not an ECDSA key on the curve P-256");
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new CryptographicException("it is not an ECDSA key on the curve P-256 in PEM", e);
        }
    }

    public static string NewPem()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem();
    }

    public string Sign(TokenClaims claims)
    {
        var payload = JsonSerializer.Serialize(claims, TokensJsonContext.Default.TokenClaims);
        return _header is null ? _handler.CreateToken(payload, _credentials) : _handler.CreateToken(payload, _credentials, _header);
    }

    /// <summary>The claims of a token that this key signed; null for anything else.</summary>
    public TokenClaims? Read(string token)
    {
        // Nothing is fetched for it: the task has ended when it is returned.
        var result = _handler.ValidateTokenAsync(token, _accepted).GetAwaiter().GetResult();
        if (result is not { IsValid: true, SecurityToken: JsonWebToken read })
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(Base64Url.DecodeFromChars(read.EncodedPayload), TokensJsonContext.Default.TokenClaims);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public void Dispose() => _key.Dispose();
}
