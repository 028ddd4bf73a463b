using System.Text.Json.Nodes;
using Portcullis.ApiServer.Admission;
using Portcullis.ApiServer.Errors;
using Portcullis.ApiServer.Kinds;
using Portcullis.ApiServer.Storage;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;

namespace Portcullis.ApiServer.Resources;

/// <summary>
/// What a kind does to its objects on the way in: decoding, defaults, what a write may not touch, and what must hold. Custom resources
/// follow their CRD; built-in kinds their schema, <see cref="BuiltInStrategy"/> and the <see cref="IKindRule"/>s.
/// </summary>
internal sealed class ObjectPolicy(IReadOnlyList<IKindRule> rules)
{
    /// <summary>Prunes what the kind does not know, answering by the request's fieldValidation.</summary>
    public static void Decode(Operation operation, JsonObject value)
    {
        var kind = operation.Kind;
        value["apiVersion"] = kind.Resource.ApiVersion;
        value["kind"] = kind.Resource.Kind;
        var unknown = new List<string>();
        if (kind.Custom is { } custom)
        {
            TypedDecoder.Normalize(Metadata.Of(value), CustomKinds.MetadataSchema, unknown);
            unknown = unknown.Select(u => $"metadata.{u}").Concat(custom.Prune(value)).ToList();
        }
        else
        {
            TypedDecoder.Normalize(value, kind.Schema, unknown);
            if (kind.Resource == StandardKinds.Crds)
            {
                CrdStrategy.CheckTypes(value);
            }
        }

        Report(operation, unknown.Select(u => $"unknown field \"{u}\"").ToList());
        if (kind.Deprecation is { } deprecation)
        {
            operation.Warnings.Add(deprecation);
        }
    }

    /// <summary>Refuses or warns, as fieldValidation asks.</summary>
    public static void Report(Operation operation, IReadOnlyList<string> problems)
    {
        if (problems.Count == 0 || operation.Query.FieldValidation == "Ignore")
        {
            return;
        }

        if (operation.Query.FieldValidation == "Strict")
        {
            throw new DecodeException($"strict decoding error: {string.Join(", ", problems)}") { IsStrict = true };
        }

        operation.Warnings.AddRange(problems);
    }

    public void Default(ServedKind kind, JsonObject value)
    {
        if (kind.Custom is { } custom)
        {
            custom.ApplyDefaults(value);
            return;
        }

        SchemaDefaults.Apply(value, kind.Schema);
        BuiltInStrategy.Default(kind.Resource, value);
        foreach (var rule in rules.Where(r => r.AppliesTo(kind.Resource)))
        {
            rule.ApplyDefaults(value);
        }
    }

    /// <summary>After mutating admission, whose changes may be anything.</summary>
    public void Renormalize(ServedKind kind, JsonObject value)
    {
        if (kind.Custom is { } custom)
        {
            custom.Prune(value);
        }
        else
        {
            TypedDecoder.Normalize(value, kind.Schema, []);
            TypedDecoder.EmptyListsToNull(value, kind.Schema);
        }

        Default(kind, value);
    }

    /// <summary>A new object's status is the server's; it is empty until someone writes the subresource.</summary>
    public static void ResetForCreate(ServedKind kind, JsonObject value)
    {
        if (!kind.HasStatus || kind.Resource.Kind == "Node")
        {
            return;
        }

        value.Remove("status");
        if (!kind.IsCustom)
        {
            TypedDecoder.Normalize(value, kind.Schema, []);
        }
    }

    /// <summary>An update of the object leaves its status alone, one of a subresource everything else.</summary>
    public static void ResetForUpdate(Operation operation, JsonObject value, JsonObject old)
    {
        switch (operation.Subresource)
        {
            case "" when operation.Kind.HasStatus:
                Take(value, old, "status");
                break;
            case "status" or "finalize":
                KeepAllBut(operation, value, old);
                break;
            default:
                break;
        }

        BuiltInStrategy.ResetForUpdate(operation, value, old);
    }

    /// <summary>The server's own part of a new object, after admission.</summary>
    public static void PrepareForCreate(ServedKind kind, JsonObject value) => BuiltInStrategy.PrepareForCreate(kind.Resource, value);

    public static void CountGeneration(Operation operation, JsonObject value, JsonObject old)
    {
        if (!operation.Kind.HasGeneration || operation.Subresource == "status")
        {
            return;
        }

        var changed = value.Select(m => m.Key).Union(old.Select(m => m.Key), StringComparer.Ordinal)
            .Where(name => name is not ("metadata" or "apiVersion" or "kind") && !(name == "status" && operation.Kind.HasStatus))
            .Any(name => !JsonNode.DeepEquals(value[name], old[name]));
        if (changed)
        {
            Metadata.Of(value)["generation"] = Metadata.Generation(old) + 1;
        }
    }

    /// <exception cref="StatusException">422 with every violation.</exception>
    public void Validate(Operation operation, JsonObject value, JsonObject? old)
    {
        var kind = operation.Kind;
        var errors = new List<FieldError>();
        errors.AddRange(ObjectChecks.Check(kind, value, old));
        if (kind.Custom is { } custom)
        {
            errors.AddRange(operation.Subresource == "status" ? custom.ValidateStatus(value, old) : custom.Validate(value, old));
        }
        else
        {
            errors.AddRange(BuiltInStrategy.Validate(operation, value, old));
            errors.AddRange(rules.Where(r => r.AppliesTo(kind.Resource)).SelectMany(r => r.Validate(value, old)));
        }

        if (errors.Count > 0)
        {
            throw StatusException.Invalid(kind.Resource, Metadata.Of(value).String("name") ?? "", errors);
        }
    }

    /// <summary>Whether a deleted object must stay for a finalizer.</summary>
    public static bool HoldsDeletion(ServedKind kind, JsonObject value) =>
        Metadata.HasFinalizers(value)
        || (kind.Resource == StandardKinds.Namespaces && value.Object("spec").Array("finalizers") is { Count: > 0 });

    public static JsonObject FromStorage(ServedKind kind, JsonObject stored)
    {
        if (kind.FromStorage is { } convert)
        {
            return convert(stored);
        }

        if (stored.String("apiVersion") == kind.Resource.ApiVersion)
        {
            return stored;
        }

        var value = (JsonObject)stored.DeepClone();
        value["apiVersion"] = kind.Resource.ApiVersion;
        return value;
    }

    /// <summary>Whether <see cref="FromStorage"/> changes nothing.</summary>
    public static bool IsServedAsStored(ServedKind kind, StoredObject stored) =>
        kind.FromStorage is null && stored.Resource.ApiVersion == kind.Resource.ApiVersion;

    /// <summary>A value of its own to store: the caller keeps <paramref name="value"/>.</summary>
    public static JsonObject ToStorage(ServedKind kind, JsonObject value)
    {
        if (kind.ToStorage is { } convert)
        {
            return convert(value);
        }

        if (kind.Resource.Version != kind.Storage.Version)
        {
            value["apiVersion"] = kind.Storage.ApiVersion;
        }

        return value;
    }

    private static void KeepAllBut(Operation operation, JsonObject value, JsonObject old)
    {
        foreach (var name in value.Select(m => m.Key).Union(old.Select(m => m.Key), StringComparer.Ordinal).ToList())
        {
            if (name != "status" && name != "metadata" && !(operation.Subresource == "finalize" && name == "spec"))
            {
                Take(value, old, name);
            }
        }

        if (operation.Subresource == "finalize")
        {
            Take(value, old, "status");
        }

        var managed = Metadata.Of(value)["managedFields"]?.DeepClone();
        Take(value, old, "metadata");
        Metadata.Of(value).Remove("managedFields");
        if (managed is not null)
        {
            Metadata.Of(value)["managedFields"] = managed;
        }
    }

    private static void Take(JsonObject value, JsonObject old, string name)
    {
        if (old[name] is { } kept)
        {
            value[name] = kept.DeepClone();
        }
        else
        {
            value.Remove(name);
        }
    }
}
