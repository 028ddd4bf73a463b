using System.Text.Json.Nodes;

namespace Portcullis.Core;

/// <summary>Takes user and password out of addresses before anybody sees them (law 7), whatever characters the password has.</summary>
public static class CredentialText
{
    private const string Hidden = "***";

    /// <summary>One value: all between <c>://</c> and the last <c>@</c> is taken for user and password.</summary>
    public static string Hide(string text) =>
        text.IndexOf("://", StringComparison.Ordinal) is var scheme and >= 0 && text.LastIndexOf('@') is var at && at > scheme
            ? string.Concat(text.AsSpan(0, scheme + 3), Hidden, text.AsSpan(at))
            : text;

    /// <summary>The same of every text in a value; the value itself where there is nothing to hide.</summary>
    public static JsonNode? Hide(JsonNode? value) => value switch
    {
        JsonObject members => new JsonObject(members.Select(m => KeyValuePair.Create(m.Key, Hide(m.Value)?.DeepClone()))),
        JsonArray items => new JsonArray([.. items.Select(i => Hide(i)?.DeepClone())]),
        JsonValue scalar when scalar.TryGetValue(out string? text) && Hide(text) is var shown && shown != text => JsonValue.Create(shown),
        _ => value,
    };
}
