using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Authentication;

/// <summary>
/// Signs and reads JSON Web Tokens with one ECDSA P-256 key (RFC 7515, ES256). The algorithm is fixed: a header that names another
/// is refused, whatever it says.
/// </summary>
internal sealed class JsonWebToken : IDisposable
{
    private const string Algorithm = "ES256";
    private readonly ECDsa _key;
    private readonly string _header;

    private JsonWebToken(ECDsa key)
    {
        _key = key;
        var id = Base64Url.EncodeToString(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
        _header = Encode(new JsonObject { ["alg"] = Algorithm, ["kid"] = id });
    }

    /// <summary>The key in the file, made at the first start.</summary>
    public static JsonWebToken FromFile(string path)
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

        return new JsonWebToken(key);
    }

    public string Sign(JsonObject claims)
    {
        var signed = $"{_header}.{Encode(claims)}";
        var signature = _key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>The claims of a token that this key signed; null for anything else.</summary>
    public JsonObject? Read(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3 || parts[0] != _header)
        {
            return null;
        }

        try
        {
            var signature = Base64Url.DecodeFromChars(parts[2]);
            var isOurs = _key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), signature, HashAlgorithmName.SHA256);
            return isOurs ? KubernetesJson.Parse(Base64Url.DecodeFromChars(parts[1])) as JsonObject : null;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }

    public void Dispose() => _key.Dispose();

    private static string Encode(JsonObject value) => Base64Url.EncodeToString(KubernetesJson.ToBytes(value));
}
