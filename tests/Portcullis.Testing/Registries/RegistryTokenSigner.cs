using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace Portcullis.Testing.Registries;

/// <summary>Signs tokens as docker-registry takes them: ES256, with the certificate in <c>x5c</c>. It is its own authority.</summary>
public sealed class RegistryTokenSigner : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;

    public RegistryTokenSigner()
    {
        var request = new CertificateRequest("CN=token signer of a test", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = TimeProvider.System.GetUtcNow();
        _certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
    }

    public string Issuer => "tests";

    /// <summary>What a registry must trust: the content of its rootcertbundle.</summary>
    public string CertificatePem => _certificate.ExportCertificatePem();

    /// <param name="service">The audience.</param>
    /// <param name="scopes">Each <c>type:name:action,action</c>; all of them are granted.</param>
    /// <param name="life">How long from now; below zero for one that has expired.</param>
    public string Sign(string service, IEnumerable<string> scopes, TimeSpan? life = null)
    {
        var now = TimeProvider.System.GetUtcNow();
        var end = now + (life ?? TimeSpan.FromMinutes(5));
        var header = new JsonObject
        {
            ["typ"] = "JWT", ["alg"] = "ES256", ["x5c"] = new JsonArray(Convert.ToBase64String(_certificate.RawData)),
        };
        var claims = new JsonObject
        {
            ["iss"] = Issuer, ["sub"] = DockerRegistry.User, ["aud"] = service, ["jti"] = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture),
            ["iat"] = now.AddMinutes(-10).ToUnixTimeSeconds(), ["nbf"] = now.AddMinutes(-10).ToUnixTimeSeconds(), ["exp"] = end.ToUnixTimeSeconds(),
            ["access"] = new JsonArray([.. scopes.Select(Access)]),
        };
        var signed = $"{Encoded(header)}.{Encoded(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }

    private static string Encoded(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));

    /// <summary>A repository's name may contain a colon, an action none.</summary>
    private static JsonNode Access(string scope)
    {
        var (first, last) = (scope.IndexOf(':', StringComparison.Ordinal), scope.LastIndexOf(':'));
        return new JsonObject
        {
            ["type"] = scope[..first], ["name"] = scope[(first + 1)..last],
            ["actions"] = new JsonArray([.. scope[(last + 1)..].Split(',').Select(a => (JsonNode)a)]),
        };
    }
}
