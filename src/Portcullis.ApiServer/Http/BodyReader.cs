using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.ApiServer.Errors;
using Portcullis.ApiServer.Kinds;
using Portcullis.Objects.Json;
using Portcullis.Objects.Yaml;
using Portcullis.Schemas.Structural;

namespace Portcullis.ApiServer.Http;

/// <summary>Turns request bodies into JSON: objects as JSON or YAML, patches, options.</summary>
internal static class BodyReader
{
    public const int MaxBytes = 3 * 1024 * 1024;

    private const string UnknownFormat =
        "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf";

    /// <summary>An object of the kind; <paramref name="problems"/> gets duplicate fields.</summary>
    public static JsonObject Object(byte[] body, string contentType, ServedKind kind, List<string> problems)
    {
        var value = Read(body, contentType, kind.Resource.Kind, kind.IsCustom ? null : kind.Schema, problems);
        CheckKind(kind, value);
        return value;
    }

    /// <summary>An object whose kind is checked by its reader (reviews, DeleteOptions).</summary>
    public static JsonObject Read(byte[] body, string contentType, string kind, StructuralSchema? schema, List<string> problems)
    {
        switch (contentType)
        {
            case "" or "application/json":
                return JsonReader(body, kind, problems);
            case "application/yaml":
                return Yaml(body);
            case Protobuf.MediaType when schema is not null:
                return Protobuf.Read(body, schema);
            default:
                throw new StatusException(415, "UnsupportedMediaType", UnknownFormat);
        }
    }

    public static JsonObject Yaml(byte[] body)
    {
        if (body.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'{', ..])
        {
            try
            {
                return KubernetesJson.Parse(body) as JsonObject ?? throw StatusException.BadRequest("error decoding YAML: not an object");
            }
            catch (JsonException)
            {
                // Flow YAML may begin with a brace too.
            }
        }

        var stream = KubernetesYaml.Read(body);
        if (stream.Errors.Count > 0)
        {
            throw StatusException.BadRequest($"error decoding YAML: {stream.Errors[0].Message}");
        }

        return stream.Documents.Count == 1 && stream.Documents[0].Root is JsonObject value
            ? value
            : throw StatusException.BadRequest("error decoding YAML: expected one document with one object");
    }

    public static JsonNode? Patch(byte[] body)
    {
        try
        {
            return KubernetesJson.Parse(body);
        }
        catch (JsonException)
        {
            throw StatusException.BadRequest($"error decoding patch: {GoErrors.Json(body)}");
        }
    }

    public static void CheckKind(ServedKind kind, JsonObject value)
    {
        var resource = kind.Resource;
        var givenVersion = value.String("apiVersion") ?? "";
        var givenKind = value.String("kind") ?? "";
        if (givenVersion == resource.ApiVersion && givenKind == resource.Kind)
        {
            return;
        }

        if (kind.IsCustom)
        {
            if (givenKind.Length == 0)
            {
                throw StatusException.BadRequest($"Object 'Kind' is missing in '{KubernetesJson.ToText(value)}'");
            }

            throw StatusException.BadRequest(
                $"the API version in the data ({givenVersion}) does not match the expected API version ({resource.ApiVersion})");
        }

        if ((givenKind.Length == 0 || givenKind == resource.Kind) && givenVersion.Length == 0)
        {
            return;
        }

        var short1 = givenVersion[(givenVersion.IndexOf('/', StringComparison.Ordinal) + 1)..];
        if (givenKind == resource.Kind || givenKind.Length == 0)
        {
            throw StatusException.BadRequest(
                $"{givenKind} in version \"{short1}\" cannot be handled as a {resource.Kind}: no kind \"{givenKind}\" is registered for version \"{givenVersion}\" in scheme \"k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30\"");
        }

        var package = resource.Group.Length == 0 ? "core" : resource.Group.Split('.')[0];
        throw StatusException.BadRequest(
            $"{givenKind} in version \"{short1}\" cannot be handled as a {resource.Kind}: converting (v1.{givenKind}) to ({package}.{resource.Kind}): unknown conversion");
    }

    private static JsonObject JsonReader(byte[] body, string kind, List<string> problems)
    {
        JsonNode? value;
        try
        {
            value = KubernetesJson.Parse(body);
        }
        catch (JsonException)
        {
            value = LenientJson.Read(body, problems) ?? throw StatusException.BadRequest(
                $"the object provided is unrecognized (must be of type {kind}): couldn't get version/kind; json parse error: {GoErrors.Json(body)} ({Shown(body)})");
        }

        return value as JsonObject ?? throw StatusException.BadRequest(
            $"the object provided is unrecognized (must be of type {kind}): couldn't get version/kind; json parse error: json: cannot unmarshal {GoErrors.Type(value)} into Go value of type struct {{ APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }} ({Shown(body)})");
    }

    private static string Shown(byte[] body)
    {
        var text = Encoding.UTF8.GetString(body, 0, Math.Min(body.Length, 512));
        return body.Length > 512 ? $"{text} [truncated {body.Length - 512} chars]" : text;
    }
}
