using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Portcullis.ApiServer.Tests.Conformance;

/// <summary>Hides what the recordings' README says varies, and nothing else.</summary>
internal static partial class Mask
{
    private static readonly string[] ServerVersion = ["gitVersion", "gitCommit", "buildDate", "goVersion", "compiler", "platform"];

    /// <summary>A masked copy.</summary>
    public static JsonNode? Of(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            return new JsonArray(list.Select(Of).ToArray());
        }

        return node is JsonObject o ? Object(o) : node is JsonValue value && value.TryGetValue(out string? text) ? Text(text) : node?.DeepClone();
    }

    public static string Text(string text)
    {
        text = Uid().Replace(text, "<uid>");
        text = Time().Replace(text, "<time>");
        text = Token().Replace(text, "<token>");
        text = Jwt().Replace(text, "<token>");
        text = Address().Replace(text, "<address>");
        text = VersionInText().Replace(text, "$1<version>$2");
        text = TooOld().Replace(text, "too old resource version: $1 (<version>)");
        text = OpenApiHash().Replace(text, "?hash=<hash>");
        text = QuotedVersion().Replace(text, "$1<version>$2");
        return Age().IsMatch(text) ? "<age>" : text;
    }

    private static JsonObject Object(JsonObject value)
    {
        var masked = new JsonObject();
        var generated = (value["generateName"] as JsonValue)?.ToString();
        foreach (var (name, member) in value)
        {
            masked[name] = name switch
            {
                "resourceVersion" when member is JsonValue && member.ToString().Length > 0 => "<version>",
                "continue" => "<continue>",

                // Their order follows their times, which are masked: a second's tick between two writes must not count.
                "managedFields" when member is JsonArray managers => new JsonArray(managers
                    .OrderBy(m => $"{m!["operation"]} {m["manager"]} {m["subresource"]}", StringComparer.Ordinal)
                    .Select(Of)
                    .ToArray()),
                "storageVersionHash" or "serverAddress" or "caBundle" => $"<{name}>",
                "name" when generated is not null => generated + "<generated>",
                // The recorded controller manager had another name and no CA to hand out.
                "manager" when member?.ToString() is "kcm" or "system:kube-controller-manager" => "<controller-manager>",
                "ca.crt" => "<certificate>",
                _ when ServerVersion.Contains(name) => $"<{name}>",
                _ => Of(member),
            };
        }

        return masked;
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Uid();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? \+0000( UTC)?")]
    private static partial Regex Time();

    [GeneratedRegex("<a JSON Web Token>")]
    private static partial Regex Token();

    [GeneratedRegex(@"eyJ[\w-]+\.[\w-]+\.[\w-]+")]
    private static partial Regex Jwt();

    [GeneratedRegex(@"127\.0\.0\.1:\d+|192\.0\.2\.2:\d+")]
    private static partial Regex Address();

    [GeneratedRegex(@"(ResourceVersion in record \(|current: )\d+(\)?)")]
    private static partial Regex VersionInText();

    [GeneratedRegex(@"too old resource version: (\d+) \(\d+\)")]
    private static partial Regex TooOld();

    [GeneratedRegex(@"\?hash=[0-9A-F]+")]
    private static partial Regex OpenApiHash();

    [GeneratedRegex("(resourceVersion(?:\\\\*\":\\\\*\"|: \"))\\d+(\\\\*\")")]
    private static partial Regex QuotedVersion();

    [GeneratedRegex(@"\A\d+[smhd](\d+[smh])?\z")]
    private static partial Regex Age();
}
