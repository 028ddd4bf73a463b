using System.Globalization;
using System.Text.Json.Nodes;

namespace Portcullis.Core.Identity;

/// <summary>Who the bearer of an issuer's token is, by the claims of a token whose signature was checked.</summary>
public static class OidcClaims
{
    /// <summary>The first pinned claim that the token does not have with an accepted value; null when it has all.</summary>
    public static string? Missing(OidcIssuer issuer, JsonObject claims) =>
        issuer.Claims.FirstOrDefault(pinned => !Values(claims, pinned.Claim).Any(value => Glob.CoversAny(pinned.Values, value)))?.Claim;

    /// <summary>The name under which grants know the bearer; null when a claim of it is missing or it would be a reserved name.</summary>
    public static string? UserName(OidcIssuer issuer, JsonObject claims) =>
        ClaimTemplate.Parse(issuer.UserName)?.Render(claim => Values(claims, claim).ToList() is [var one] ? one : null) is { } name && ReportedNames.IsUser(name) ? name : null;

    public static IReadOnlyList<string> Groups(OidcIssuer issuer, JsonObject claims) =>
        issuer.GroupsClaim is { } claim ? ReportedNames.Groups(Values(claims, claim)) : [];

    /// <summary>A claim's value as text, or those of a list.</summary>
    private static IEnumerable<string> Values(JsonObject claims, string name) => claims[name] switch
    {
        JsonArray list => list.Select(Text).OfType<string>(),
        var one => Text(one) is { } text ? [text] : [],
    };

    private static string? Text(JsonNode? node) => node is not JsonValue value ? null
        : value.TryGetValue(out string? text) ? text
        : value.TryGetValue(out bool flag) ? flag ? "true" : "false"
        : value.TryGetValue(out long number) ? number.ToString(CultureInfo.InvariantCulture)
        : null;
}
