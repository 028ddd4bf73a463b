using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Portcullis.ApiServer.Storage;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Authentication;

/// <summary>
/// Signs JSON Web Tokens with one ECDSA P-256 key and reads those that it signed. Algorithm, key and issuer are fixed: a token that
/// names others is not read, whatever its claims.
/// </summary>
internal sealed class ServiceAccountKey : IDisposable
{
    private readonly JsonWebTokenHandler _handler = new();
    private readonly ECDsa _key;
    private readonly SigningCredentials _credentials;
    private readonly TokenValidationParameters _accepted;

    private ServiceAccountKey(ECDsa key)
    {
        _key = key;
        var signing = new ECDsaSecurityKey(key)
        {
            KeyId = Base64Url.EncodeToString(SHA256.HashData(key.ExportSubjectPublicKeyInfo())),

            // With a cache of its own: the library's default one belongs to the process, and would use the key after this object is disposed.
            CryptoProviderFactory = new CryptoProviderFactory(),
        };
        _credentials = new SigningCredentials(signing, SecurityAlgorithms.EcdsaSha256);
        _accepted = new TokenValidationParameters
        {
            IssuerSigningKey = signing,
            TryAllIssuerSigningKeys = false,
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            ValidIssuer = TokenAuthenticators.ApiAudience,
#pragma warning disable CA5404 // ServiceAccountTokens checks both, by the server's clock and in the words of Kubernetes
            ValidateAudience = false,
            ValidateLifetime = false,
#pragma warning restore CA5404
        };
    }

    /// <summary>The key in the file, made at the first start.</summary>
    public static ServiceAccountKey FromFile(string path)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (File.Exists(path))
        {
            key.ImportFromPem(File.ReadAllText(path));
        }
        else
        {
            PrivateFile.Replace(path, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));
        }

        return new ServiceAccountKey(key);
    }

    public string Sign(JsonObject claims) => _handler.CreateToken(KubernetesJson.ToText(claims), _credentials);

    /// <summary>The claims of a token that this key signed; null for anything else.</summary>
    public JsonObject? Read(string token)
    {
        // Nothing is fetched for it: the task has ended when it is returned.
        var result = _handler.ValidateTokenAsync(token, _accepted).GetAwaiter().GetResult();
        return result is { IsValid: true, SecurityToken: JsonWebToken read }
            ? KubernetesJson.Parse(Base64Url.DecodeFromChars(read.EncodedPayload)) as JsonObject
            : null;
    }

    public void Dispose() => _key.Dispose();
}
