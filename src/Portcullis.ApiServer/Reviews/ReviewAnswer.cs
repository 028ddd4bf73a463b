using System.Text.Json.Nodes;
using Portcullis.ApiServer.Errors;
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
