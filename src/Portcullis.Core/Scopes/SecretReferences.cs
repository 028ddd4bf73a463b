using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.Core.Kinds;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Scopes;

/// <summary>The Secrets that a spec refers to, however deep: every <c>secretRef</c> and <c>…SecretRef</c> with a name.</summary>
internal static class SecretReferences
{
    public static IEnumerable<ScopeClaim> Of(JsonNode? node, string path) => node switch
    {
        JsonObject members => members.SelectMany(m => OfMember(m.Key, m.Value, $"{path}.{m.Key}")),
        JsonArray items => items.SelectMany((item, i) => Of(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"))),
        _ => [],
    };

    private static IEnumerable<ScopeClaim> OfMember(string name, JsonNode? value, string path)
    {
        var inner = Of(value, path);
        return name.EndsWith("ecretRef", StringComparison.Ordinal) && value.String("name") is { } secret
            ? inner.Prepend(new ScopeClaim.Secret($"{path}.name", secret))
            : inner;
    }
}
