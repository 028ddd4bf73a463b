using System.Text.Json.Nodes;
using Portcullis.ApiServer.Authentication;
using Portcullis.ApiServer.Http;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;

namespace Portcullis.ApiServer.Reviews;

/// <summary>The question of an access review: what is to be done, and (not for the self reviews) by whom.</summary>
internal static class AccessReviewSpec
{
    public const string GroupName = "authorization.k8s.io";

    /// <summary>As the real server echoes it: known fields in their order, empty ones left out.</summary>
    public static JsonObject Echo(JsonObject spec)
    {
        var echo = new JsonObject();
        if (spec.Object("resourceAttributes") is { } resource)
        {
            echo["resourceAttributes"] = ReviewAnswer.Copy(
                resource, "namespace", "verb", "group", "version", "resource", "subresource", "name", "fieldSelector", "labelSelector");
        }

        if (spec.Object("nonResourceAttributes") is { } nonResource)
        {
            echo["nonResourceAttributes"] = ReviewAnswer.Copy(nonResource, "path", "verb");
        }

        foreach (var (name, value) in ReviewAnswer.Copy(spec, "user", "groups", "extra", "uid"))
        {
            echo[name] = value?.DeepClone();
        }

        return echo;
    }

    public static UserInfo User(JsonObject spec) => new(spec.String("user") ?? "", spec.Strings("groups"))
    {
        Uid = spec.String("uid"),
        Extra = (spec.Object("extra") ?? []).ToDictionary(
            pair => pair.Key, pair => (IReadOnlyList<string>)spec.Object("extra").Strings(pair.Key), StringComparer.Ordinal),
    };

    public static RequestAttributes Attributes(JsonObject spec)
    {
        if (spec.Object("resourceAttributes") is not { } resource)
        {
            var nonResource = spec.Object("nonResourceAttributes");
            return new RequestAttributes { Verb = nonResource.String("verb") ?? "", Path = nonResource.String("path") ?? "" };
        }

        return new RequestAttributes
        {
            Verb = resource.String("verb") ?? "",
            Path = "",
            IsResourceRequest = true,
            Group = resource.String("group") ?? "",
            Version = resource.String("version") ?? "",
            Resource = resource.String("resource") ?? "",
            Subresource = resource.String("subresource") ?? "",
            Namespace = resource.String("namespace") ?? "",
            Name = resource.String("name") ?? "",
        };
    }

    /// <summary>Throws 422 unless exactly one thing is asked about (and, where a user is asked about, somebody is named).</summary>
    public static void Validate(JsonObject spec, bool needsUser)
    {
        var errors = new List<FieldError>();
        var hasResource = spec.Object("resourceAttributes") is not null;
        var hasNonResource = spec.Object("nonResourceAttributes") is not null;
        if (hasResource && hasNonResource)
        {
            errors.Add(new FieldError(
                "FieldValueInvalid",
                "spec.nonResourceAttributes",
                $"Invalid value: {KubernetesJson.ToText(spec["nonResourceAttributes"])}: cannot be specified in combination with resourceAttributes"));
        }
        else if (!hasResource && !hasNonResource)
        {
            errors.Add(new FieldError(
                "FieldValueInvalid",
                "spec.resourceAttributes",
                "Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified"));
        }

        if (needsUser && spec.String("user") is null or "" && spec.Strings("groups").Count == 0)
        {
            errors.Add(new FieldError("FieldValueInvalid", "spec.user", "Invalid value: \"\": at least one of user or group must be specified"));
        }

        if (errors.Count > 0)
        {
            throw ReviewAnswer.Invalid(GroupName, errors);
        }
    }
}
