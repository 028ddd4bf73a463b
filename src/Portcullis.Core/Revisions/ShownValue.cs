using System.Text.Json.Nodes;
using Portcullis.Core.Hardening;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Revisions;

/// <summary>A value of an object as differences show it: without credentials, and not too long.</summary>
internal static class ShownValue
{
    /// <summary>Longer values are cut: the reader wants to know which field, not to read a file.</summary>
    private const int Limit = 120;

    private const string Daemon = "spec.daemonJSON";

    public static string Of(string path, JsonNode node)
    {
        var text = KubernetesJson.ToText(CredentialText.Hide(WithoutCredentials(path, node))!);
        return text.Length <= Limit ? text : string.Concat(text.AsSpan(0, Limit), "…");
    }

    /// <summary>Keys of daemon.json that hold credentials: alone, and within the whole of it.</summary>
    private static JsonNode WithoutCredentials(string path, JsonNode node)
    {
        if (path == Daemon && node is JsonObject keys)
        {
            return new JsonObject(keys.Select(k => KeyValuePair.Create(k.Key, IsSensitive(k.Key) ? JsonValue.Create(SecretContent.Hidden) : k.Value?.DeepClone())));
        }

        return path.StartsWith(Daemon + ".", StringComparison.Ordinal) && IsSensitive(path[(Daemon.Length + 1)..].Split('.', '[')[0])
            ? JsonValue.Create(SecretContent.Hidden)
            : node;
    }

    private static bool IsSensitive(string key) => DaemonKeys.Find(key)?.Sensitive == true;
}
