using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Agent.Files;
using Portcullis.Objects.Json;

namespace Portcullis.Up.Signatures;

/// <summary>What signers have published, on disk: a file for each name of trust data, with the bytes of each delegation as the server had them. None of it is secret.</summary>
internal sealed class SignatureArchive(string folder)
{
    private const string Gun = "gun";
    private const string Roles = "roles";

    /// <summary>The bytes of each delegation; empty for a name of which nothing is kept.</summary>
    public IReadOnlyDictionary<string, byte[]> Of(string gun)
    {
        var roles = File.Exists(PathOf(gun)) ? KubernetesJson.Parse(File.ReadAllBytes(PathOf(gun))).Object(Roles) : null;
        return (roles ?? []).ToDictionary(r => r.Key, r => Convert.FromBase64String(r.Value!.GetValue<string>()), StringComparer.Ordinal);
    }

    /// <summary>In the place of what was kept before. A crash leaves the one or the other.</summary>
    public void Keep(string gun, IReadOnlyDictionary<string, byte[]> roles)
    {
        var content = new JsonObject
        {
            [Gun] = gun,
            [Roles] = new JsonObject(roles.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => KeyValuePair.Create(r.Key, (JsonNode?)Convert.ToBase64String(r.Value)))),
        };
        AtomicFile.Replace(PathOf(gun), KubernetesJson.ToBytes(content));
    }

    public void Forget(string gun) => File.Delete(PathOf(gun));

    /// <summary>A name has slashes and a port.</summary>
    private string PathOf(string gun) => Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(gun))) + ".json");
}
