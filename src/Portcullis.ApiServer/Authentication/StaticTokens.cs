using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Portcullis.ApiServer.Storage;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Authentication;

/// <summary>
/// The tokens in the kubeconfigs that the server writes for components and users. The file (0600) keeps their SHA-256 only, so that
/// a copy of it lets nobody in; one token a purpose, replaced when the purpose is issued one again.
/// </summary>
internal sealed class StaticTokens : ITokenAuthenticator
{
    private readonly Lock _writing = new();
    private readonly string _path;
    private Dictionary<string, Entry> _byHash;

    public StaticTokens(string stateFolder)
    {
        _path = Path.Combine(stateFolder, "tokens.json");
        _byHash = Load(_path);
    }

    /// <summary>Makes a token for a user; an earlier one for the same purpose dies.</summary>
    public string Issue(string purpose, string user, IReadOnlyList<string> groups)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        lock (_writing)
        {
            var next = _byHash.Where(pair => pair.Value.Purpose != purpose).ToDictionary(StringComparer.Ordinal);
            next[Hash(token)] = new Entry(purpose, user, [.. groups]);
            Save(next);
            _byHash = next;
        }

        return token;
    }

    public TokenAnswer Authenticate(string token, IReadOnlyList<string> audiences)
    {
        // These tokens are for this server alone. Looked up by hash, so that the time of the comparison reveals nothing about the token.
        if (!audiences.Contains(TokenAuthenticators.ApiAudience, StringComparer.Ordinal) ||
            !_byHash.TryGetValue(Hash(token), out var entry))
        {
            return TokenAnswer.Unknown;
        }

        return new TokenAnswer(new UserInfo(entry.User, entry.Groups) { Uid = entry.User }, [TokenAuthenticators.ApiAudience], null);
    }

    private static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private static Dictionary<string, Entry> Load(string path)
    {
        var entries = new Dictionary<string, Entry>(StringComparer.Ordinal);
        if (!File.Exists(path))
        {
            return entries;
        }

        foreach (var item in (KubernetesJson.Parse(File.ReadAllBytes(path)) as JsonArray ?? []).OfType<JsonObject>())
        {
            entries[item.String("sha256") ?? ""] = new Entry(item.String("purpose") ?? "", item.String("user") ?? "", item.Strings("groups"));
        }

        return entries;
    }

    private void Save(Dictionary<string, Entry> entries)
    {
        var list = new JsonArray([.. entries.OrderBy(pair => pair.Value.Purpose, StringComparer.Ordinal).Select(pair => (JsonNode)new JsonObject
        {
            ["purpose"] = pair.Value.Purpose,
            ["user"] = pair.Value.User,
            ["groups"] = KubernetesJson.ToArray(pair.Value.Groups),
            ["sha256"] = pair.Key,
        })]);
        PrivateFile.Replace(_path, KubernetesJson.ToBytes(list));
    }

    private sealed record Entry(string Purpose, string User, IReadOnlyList<string> Groups);
}
