using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.ApiServer.Errors;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Admission.Webhooks;

/// <summary>What a webhook decided.</summary>
internal sealed record WebhookVerdict(bool Allowed, JsonObject? Status, JsonArray? Patch, IReadOnlyList<string> Warnings);

/// <summary>Writes the AdmissionReview that webhooks receive and reads the one they answer (admission.k8s.io/v1).</summary>
internal static class AdmissionReviewMessage
{
    private const string ApiVersion = "admission.k8s.io/v1";
    private const string Kind = "AdmissionReview";

    public static JsonObject Write(AdmissionAttributes request, string version, string uid)
    {
        var resource = request.Resource with { Version = version };
        var question = new JsonObject
        {
            ["uid"] = uid,
            ["kind"] = KindOf(resource),
            ["resource"] = ResourceOf(resource),
        };
        AddText(question, "subResource", request.Attributes.Subresource);
        question["requestKind"] = KindOf(request.Resource);
        question["requestResource"] = ResourceOf(request.Resource);
        AddText(question, "requestSubResource", request.Attributes.Subresource);
        AddText(question, "name", request.Attributes.Name.Length > 0 ? request.Attributes.Name : NameIn(request.Object));
        AddText(question, "namespace", request.Attributes.Namespace);
        question["operation"] = request.Operation;
        question["userInfo"] = request.User.ToJson();
        question["object"] = InVersion(request.Object, resource);
        question["oldObject"] = InVersion(request.OldObject, resource);
        question["dryRun"] = request.DryRun;
        question["options"] = Options(request);
        return new JsonObject { ["kind"] = Kind, ["apiVersion"] = ApiVersion, ["request"] = question };
    }

    /// <exception cref="WebhookCallException">The answer is not one to this question.</exception>
    public static WebhookVerdict Read(ReadOnlySpan<byte> body, string uid)
    {
        var review = Parse(body);
        if (review.String("apiVersion") != ApiVersion || review.String("kind") != Kind)
        {
            throw new WebhookCallException(
                $"received invalid webhook response: expected webhook response of {ApiVersion}, Kind={Kind}, " +
                $"got {review.String("apiVersion")}, Kind={review.String("kind")}");
        }

        if (review.Object("response") is not { } response)
        {
            throw new WebhookCallException("received invalid webhook response: webhook response was absent");
        }

        if (response.String("uid") is var answered && answered != uid)
        {
            throw new WebhookCallException($"received invalid webhook response: expected response.uid=\"{uid}\", got \"{answered}\"");
        }

        return new WebhookVerdict(
            response.Flag("allowed") == true, response.Object("status"), ReadPatch(response), response.Strings("warnings"));
    }

    private static JsonObject Parse(ReadOnlySpan<byte> body)
    {
        const string prefix = "failed to call webhook: couldn't get version/kind; json parse error: ";
        JsonNode? node;
        try
        {
            node = KubernetesJson.Parse(body);
        }
        catch (JsonException)
        {
            throw new WebhookCallException(prefix + GoErrors.Json(body));
        }

        return node as JsonObject ?? throw new WebhookCallException(
            $"{prefix}json: cannot unmarshal {GoErrors.Type(node)} into Go value of type " +
            "struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }");
    }

    private static JsonArray? ReadPatch(JsonObject response)
    {
        if (response.String("patch") is not { Length: > 0 } patch)
        {
            return null;
        }

        if (response.String("patchType") is not { } type)
        {
            throw new WebhookCallException("received invalid webhook response: webhook returned response.patch but not response.patchType");
        }

        if (type != "JSONPatch")
        {
            throw new WebhookCallException($"received invalid webhook response: webhook returned invalid response.patchType of \"{type}\"");
        }

        byte[] bytes;
        try
        {
            bytes = Convert.FromBase64String(patch);
        }
        catch (FormatException)
        {
            throw new WebhookCallException("received undecodable patch in webhook response: illegal base64 data");
        }

        try
        {
            return KubernetesJson.Parse(bytes) as JsonArray ??
                throw new WebhookCallException("received undecodable patch in webhook response: json: cannot unmarshal into Go value of type jsonpatch.Patch");
        }
        catch (JsonException)
        {
            throw new WebhookCallException($"received undecodable patch in webhook response: {GoErrors.Json(bytes)}");
        }
    }

    private static JsonObject KindOf(ApiResource resource) =>
        new() { ["group"] = resource.Group, ["version"] = resource.Version, ["kind"] = resource.Kind };

    private static JsonObject ResourceOf(ApiResource resource) =>
        new() { ["group"] = resource.Group, ["version"] = resource.Version, ["resource"] = resource.Plural };

    private static string NameIn(JsonObject? value) => value.Object("metadata").String("name") ?? "";

    private static JsonObject? InVersion(JsonObject? value, ApiResource resource)
    {
        if (value?.DeepClone().AsObject() is not { } copy)
        {
            return null;
        }

        // Versions of one kind share their storage and differ in nothing but their name (CRD conversion None).
        if (copy.String("kind") == resource.Kind)
        {
            copy["apiVersion"] = resource.ApiVersion;
        }

        return copy;
    }

    /// <summary>A patch is an update by the time it is admitted, and has an update's options.</summary>
    private static JsonObject Options(AdmissionAttributes request)
    {
        var options = new JsonObject
        {
            ["kind"] = request.Operation switch { "CREATE" => "CreateOptions", "UPDATE" => "UpdateOptions", _ => "DeleteOptions" },
            ["apiVersion"] = "meta.k8s.io/v1",
        };
        foreach (var (name, value) in request.Options ?? [])
        {
            if (name is not ("kind" or "apiVersion" or "force"))
            {
                options[name] = value?.DeepClone();
            }
        }

        if (request.DryRun && !options.ContainsKey("dryRun"))
        {
            options["dryRun"] = new JsonArray("All");
        }

        return options;
    }

    private static void AddText(JsonObject json, string name, string value)
    {
        if (value.Length > 0)
        {
            json[name] = value;
        }
    }
}
