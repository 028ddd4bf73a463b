using System.Text.Json.Nodes;
using Portcullis.ApiServer.Errors;
using Portcullis.ApiServer.Http;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;

namespace Portcullis.ApiServer.Resources;

/// <summary>What must agree between a request's path, its options, its body and the stored object.</summary>
internal static class RequestChecks
{
    public static void CheckNamespace(Operation operation, JsonObject value)
    {
        var given = value.Object("metadata").String("namespace");
        if (operation.Resource.Namespaced && given is { Length: > 0 } && given != operation.Namespace)
        {
            throw StatusException.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }
    }

    /// <summary>Name, namespace, uid and resourceVersion, as far as the body has them, must be those of the stored object.</summary>
    public static void CheckUpdate(Operation operation, JsonObject value, JsonObject old)
    {
        var metadata = Metadata.Of(value);
        CheckName(operation, value);
        CheckNamespace(operation, value);
        var uid = metadata.String("uid");
        var stored = Metadata.Of(old).String("uid");
        if (uid is { Length: > 0 } && uid != stored)
        {
            throw StatusException.Conflict(
                operation.Resource,
                operation.Key.Name,
                $"Precondition failed: UID in precondition: {uid}, UID in object meta: {stored}");
        }

        var version = metadata.String("resourceVersion");
        if (!string.IsNullOrEmpty(version) && version != "0" && version != Metadata.Of(old).String("resourceVersion"))
        {
            throw StatusException.Modified(operation.Resource, operation.Key.Name);
        }
    }

    public static void CheckName(Operation operation, JsonObject value)
    {
        var metadata = Metadata.Of(value);
        var name = metadata.String("name");
        if (string.IsNullOrEmpty(name))
        {
            metadata["name"] = operation.Key.Name;
        }
        else if (name != operation.Key.Name)
        {
            throw StatusException.BadRequest($"the name of the object ({name}) does not match the name on the URL ({operation.Key.Name})");
        }
    }

    /// <summary>Wrong values of dryRun and fieldValidation.</summary>
    public static void CheckOptions(QueryOptions query, string kind)
    {
        var errors = new List<FieldError>();
        if (query.DryRun.Any(d => d != "All"))
        {
            var given = KubernetesJson.ToText(new JsonArray(query.DryRun.Select(d => (JsonNode?)d).ToArray()));
            errors.Add(new FieldError("FieldValueNotSupported", "dryRun", $"Unsupported value: {given}: supported values: \"All\""));
        }

        if (query.FieldValidation is not (null or "" or "Ignore" or "Strict" or "Warn"))
        {
            errors.Add(new FieldError(
                "FieldValueNotSupported",
                "fieldValidation",
                $"Unsupported value: \"{query.FieldValidation}\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\""));
        }

        if (query.FieldManager is { Length: > 128 } manager)
        {
            errors.Add(new FieldError("FieldValueTooLong", "fieldManager", $"Too long: may not be more than {128} bytes"));
            _ = manager;
        }

        if (errors.Count > 0)
        {
            throw StatusException.InvalidOptions(kind, errors);
        }
    }
}
