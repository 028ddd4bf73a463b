using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.ApiServer.Authentication;
using Portcullis.ApiServer.Http;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;

namespace Portcullis.ApiServer.Reviews;

/// <summary>The parts that the answers of all reviews share.</summary>
internal static class ReviewAnswer
{
    /// <summary>The question's kind and metadata (with the fields' managers, where the pipeline wrote them), its spec, and the answer.</summary>
    public static JsonObject Of(ApiResource resource, JsonObject? metadata, JsonObject spec, JsonObject status) => new()
    {
        ["kind"] = resource.Kind,
        ["apiVersion"] = resource.ApiVersion,
        ["metadata"] = metadata?.DeepClone() ?? new JsonObject(),
        ["spec"] = spec,
        ["status"] = status,
    };

    /// <summary>UserInfo as authentication.k8s.io writes it: what is empty is left out.</summary>
    public static JsonObject User(UserInfo user)
    {
        var json = new JsonObject { ["username"] = user.Name };
        if (!string.IsNullOrEmpty(user.Uid))
        {
            json["uid"] = user.Uid;
        }

        if (user.Groups.Count > 0)
        {
            json["groups"] = List(user.Groups);
        }

        if (user.Extra.Count > 0)
        {
            var extra = new JsonObject();
            foreach (var (name, values) in user.Extra.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                extra[name] = List(values);
            }

            json["extra"] = extra;
        }

        return json;
    }

    public static JsonArray List(IEnumerable<string> values) => new([.. values.Select(value => (JsonNode?)JsonValue.Create(value))]);

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Copies the named members, in that order, when they are there.</summary>
    public static JsonObject Copy(JsonObject? source, params ReadOnlySpan<string> names)
    {
        var copy = new JsonObject();
        foreach (var name in names)
        {
            if (source?[name] is { } value)
            {
                copy[name] = value.DeepClone();
            }
        }

        return copy;
    }

    /// <summary>422 as authorization.k8s.io answers it: the kind left empty (it does so, see the recordings).</summary>
    public static StatusException Invalid(string group, IReadOnlyList<FieldError> errors)
    {
        var text = errors.Count == 1 ? errors[0].ToString() : $"[{string.Join(", ", errors)}]";
        var causes = new JsonArray([.. errors.Select(error => (JsonNode)new JsonObject
        {
            ["reason"] = error.Reason,
            ["message"] = error.Message,
            ["field"] = error.Path,
        })]);
        return new StatusException(
            422, "Invalid", $".{group} \"\" is invalid: {text}", new JsonObject { ["group"] = group, ["causes"] = causes });
    }

    public static JsonObject Spec(JsonObject body) => body.Object("spec") ?? [];
}
