using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Portcullis.ApiServer.Errors;
using Portcullis.ApiServer.Kinds;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Resources;

/// <summary>The part of an object that the server itself writes.</summary>
internal static class Metadata
{
    private const string NameLetters = "bcdfghjklmnpqrstvwxz2456789";

    public static JsonObject Of(JsonObject value)
    {
        if (value["metadata"] is not JsonObject metadata)
        {
            value["metadata"] = metadata = [];
        }

        return metadata;
    }

    /// <summary>Five letters without vowels, as the API's own name generator makes.</summary>
    public static string GeneratedName(string prefix) =>
        (prefix.Length > 58 ? prefix[..58] : prefix) + RandomNumberGenerator.GetString(NameLetters, 5);

    public static long Generation(JsonObject value) =>
        Of(value)["generation"] is JsonValue number && number.TryGetValue(out long generation) ? generation : 0;

    public static bool IsBeingDeleted(JsonObject value) => Of(value)["deletionTimestamp"] is not null;

    public static bool HasFinalizers(JsonObject value) => Of(value).Array("finalizers") is { Count: > 0 };

    /// <summary>A new object's, before admission: the client's wishes for what the server decides are ignored.</summary>
    public static void ClearForCreate(JsonObject value, ServedKind kind, string @namespace)
    {
        var metadata = Of(value);
        if (metadata.String("resourceVersion") is { Length: > 0 })
        {
            throw StatusException.BadRequest("resourceVersion should not be set on objects to be created");
        }

        foreach (var name in new[] { "uid", "resourceVersion", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "selfLink", "managedFields" })
        {
            metadata.Remove(name);
        }

        if (kind.Resource.Namespaced)
        {
            metadata["namespace"] = @namespace;
        }
        else
        {
            metadata.Remove("namespace");
        }
    }

    /// <summary>A new object's, after mutating admission: what the server decides.</summary>
    public static void FillForCreate(JsonObject value, ServedKind kind, DateTimeOffset now)
    {
        var metadata = Of(value);
        if (string.IsNullOrEmpty(metadata.String("name")) && metadata.String("generateName") is { Length: > 0 } prefix)
        {
            metadata["name"] = GeneratedName(prefix);
        }

        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = KubernetesJson.Time(now);
        if (kind.HasGeneration)
        {
            metadata["generation"] = 1L;
        }
    }

    /// <summary>An update's: what the server decided stays.</summary>
    public static void PrepareForUpdate(JsonObject value, JsonObject old)
    {
        var metadata = Of(value);
        var before = Of(old);
        foreach (var name in new[] { "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "namespace", "name", "resourceVersion" })
        {
            metadata.Remove(name);
            if (before[name] is { } kept)
            {
                metadata[name] = kept.DeepClone();
            }
        }
    }

    /// <summary>The members in the order in which Kubernetes writes them.</summary>
    public static void Order(JsonObject value)
    {
        var metadata = Of(value);
        var members = metadata.ToDictionary(m => m.Key, m => m.Value, StringComparer.Ordinal);
        metadata.Clear();
        foreach (var name in FieldOrder)
        {
            if (members.Remove(name, out var member))
            {
                metadata[name] = member;
            }
        }

        foreach (var (name, member) in members)
        {
            metadata[name] = member;
        }
    }

    private static readonly string[] FieldOrder =
    [
        "name", "generateName", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp",
        "deletionGracePeriodSeconds", "labels", "annotations", "ownerReferences", "finalizers", "managedFields",
    ];
}
