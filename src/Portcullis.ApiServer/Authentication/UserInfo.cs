using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Authentication;

/// <summary>The identity of a request, after authentication and impersonation (authentication.k8s.io UserInfo).</summary>
internal sealed record UserInfo(string Name, IReadOnlyList<string> Groups)
{
    public string? Uid { get; init; }

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Extra { get; init; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>As authentication.k8s.io writes it: what is empty is left out.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["username"] = Name };
        if (!string.IsNullOrEmpty(Uid))
        {
            json["uid"] = Uid;
        }

        if (Groups.Count > 0)
        {
            json["groups"] = KubernetesJson.ToArray(Groups);
        }

        if (Extra.Count > 0)
        {
            var extra = new JsonObject();
            foreach (var (name, values) in Extra.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                extra[name] = KubernetesJson.ToArray(values);
            }

            json["extra"] = extra;
        }

        return json;
    }
}
