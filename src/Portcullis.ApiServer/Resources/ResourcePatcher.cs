using System.Text.Json.Nodes;
using Portcullis.ApiServer.Errors;
using Portcullis.ApiServer.Http;
using Portcullis.ApiServer.Patches;
using Portcullis.ApiServer.Patches.Apply;
using Portcullis.ApiServer.Storage;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;

namespace Portcullis.ApiServer.Resources;

/// <summary>The four patches of the Kubernetes API, each ending in the update path.</summary>
internal sealed class ResourcePatcher(SqliteStore store, ResourceWriter writer, TimeProvider time)
{
    public const string Json = "application/json-patch+json";
    public const string MergeType = "application/merge-patch+json";
    public const string Strategic = "application/strategic-merge-patch+json";
    public const string ApplyType = "application/apply-patch+yaml";

    public async Task<WriteResult> PatchAsync(Operation operation, string contentType, byte[] body, CancellationToken cancellationToken)
    {
        if (contentType == ApplyType)
        {
            return await ApplyAsync(operation, BodyReader.Yaml(body), cancellationToken);
        }

        var change = ChangeOf(operation, contentType, body);
        if (operation.Subresource == ScaleView.Subresource)
        {
            return await writer.ScaleAsync(operation, change, cancellationToken);
        }

        JsonObject? patched = null;
        try
        {
            return await writer.UpdateAsync(operation, Patched, applied: false, cancellationToken);
        }
        catch (DecodeException error) when (error.IsStrict)
        {
            throw StatusException.BadRequest(error.Message);
        }
        catch (DecodeException error)
        {
            throw NotThatKind(patched, error);
        }

        JsonObject Patched(JsonObject old)
        {
            var value = change(old);
            patched = (JsonObject)value.DeepClone();
            return value;
        }
    }

    /// <summary>The patched object, as the real server shows it (its top members sorted), does not decode.</summary>
    private static StatusException NotThatKind(JsonObject? patched, DecodeException error)
    {
        var sorted = new JsonObject();
        foreach (var (name, member) in (patched ?? []).OrderBy(m => m.Key, StringComparer.Ordinal))
        {
            sorted[name] = member?.DeepClone();
        }

        var shown = KubernetesJson.ToText(JsonValue.Create(KubernetesJson.ToText(sorted)));
        return StatusException.Invalid("", "", "", [new FieldError("FieldValueInvalid", "patch", $"Invalid value: {shown}: {error.Message}")]);
    }

    private static Func<JsonObject, JsonObject> ChangeOf(Operation operation, string contentType, byte[] body)
    {
        switch (contentType)
        {
            case Json:
                var operations = BodyReader.Patch(body) as JsonArray ?? throw StatusException.BadRequest(
                    "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp");
                return old => JsonPatch.Apply(old, operations);
            case MergeType:
                var merge = AsObject(BodyReader.Patch(body));
                return old => MergePatch.Apply(old, merge);
            case Strategic when !operation.Kind.IsCustom:
                var strategic = AsObject(BodyReader.Patch(body));
                return old => StrategicMergePatch.Apply(old, strategic, operation.Kind.Schema);
            default:
                throw UnsupportedType(operation);
        }
    }

    /// <summary>Custom resources name what they take; built-in kinds are refused by the router, with its own words.</summary>
    private static StatusException UnsupportedType(Operation operation) => operation.Kind.IsCustom
        ? new StatusException(
            415,
            "UnsupportedMediaType",
            $"the body of the request was in an unknown format - accepted media types include: {Json}, {MergeType}, {ApplyType}")
        : new StatusException(415, "UnsupportedMediaType", "415: Unsupported Media Type", []);

    private static JsonObject AsObject(JsonNode? patch) => patch as JsonObject ?? throw StatusException.BadRequest(
        "error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}");

    /// <summary>Server-side apply of exactly the fields in <paramref name="applied"/>.</summary>
    public async Task<WriteResult> ApplyAsync(Operation operation, JsonObject applied, CancellationToken cancellationToken)
    {
        CheckApplied(operation, applied);
        var current = store.Get(operation.Kind.Storage, operation.Key);
        if (current is null)
        {
            try
            {
                return await CreateByApplyAsync(operation, applied, cancellationToken);
            }
            catch (StatusException lost) when (lost.Reason == "AlreadyExists")
            {
                // Somebody else created it meanwhile: then it is theirs and ours.
                return await ApplyAsync(operation, applied, cancellationToken);
            }
        }

        var unchanged = TryUnchanged(operation, applied, current);
        if (unchanged is not null)
        {
            return new WriteResult(200, unchanged);
        }

        return await writer.UpdateAsync(operation, old => Merged(operation, applied, old), applied: true, cancellationToken);
    }

    /// <summary>The stored object when applying changes neither it nor who owns what; admission then has nothing to decide.</summary>
    private static JsonObject? TryUnchanged(Operation operation, JsonObject applied, StoredObject current)
    {
        var old = ObjectPolicy.FromStorage(operation.Kind, current.Object);
        if (applied.Object("metadata").String("resourceVersion") is not null)
        {
            return null;
        }

        var managed = ManagedFields.Parse(old);
        var before = managed.Copy();
        return Result(operation, applied, old, managed) is null && managed.SameAs(before) ? old : null;
    }

    private async Task<WriteResult> CreateByApplyAsync(Operation operation, JsonObject applied, CancellationToken cancellationToken)
    {
        if (operation.Subresource.Length > 0)
        {
            throw StatusException.NotFound(operation.Resource, operation.Key.Name);
        }

        if (applied.Object("metadata").String("uid") is { Length: > 0 } uid)
        {
            throw StatusException.Conflict(
                operation.Resource, operation.Key.Name, $"uid mismatch: the provided object specified uid {uid}, and no existing object was found");
        }

        if (applied.Object("metadata").String("resourceVersion") is { Length: > 0 })
        {
            throw StatusException.Modified(operation.Resource, operation.Key.Name);
        }

        var managed = new ManagedFields();
        var value = Result(operation, applied, [], managed) ?? (JsonObject)applied.DeepClone();
        Stamp(operation, managed);
        RequestChecks.CheckName(operation, value);
        return await writer.CreateAppliedAsync(operation, value, managed, cancellationToken);
    }

    private JsonObject Merged(Operation operation, JsonObject applied, JsonObject old)
    {
        if (applied.Object("metadata").String("resourceVersion") is { } version && version != Metadata.Of(old).String("resourceVersion"))
        {
            throw StatusException.Modified(operation.Resource, operation.Key.Name);
        }

        var managed = ManagedFields.Parse(old);
        var merged = Result(operation, applied, old, managed);
        if (merged is not null)
        {
            Stamp(operation, managed);
        }

        var value = merged ?? (JsonObject)old.DeepClone();
        managed.WriteTo(value);
        return value;
    }

    private static JsonObject? Result(Operation operation, JsonObject applied, JsonObject old, ManagedFields managed)
    {
        var live = (JsonObject)old.DeepClone();
        live.Object("metadata")?.Remove("managedFields");
        if (managed.Entries.Count == 0 && live.Count > 0)
        {
            OwnBeforeFirstApply(operation, live, managed);
        }

        var config = (JsonObject)applied.DeepClone();
        foreach (var name in new[] { "resourceVersion", "uid", "namespace" })
        {
            config.Object("metadata")?.Remove(name);
        }

        var applier = ManagerKey.Applier(operation.Manager, operation.Subresource);
        var schema = operation.Kind.Schema;
        var allowed = LastApplied.OwnedBy(operation.Manager, live, schema);
        var merged = FieldOwnership.Apply(
            live, config, managed, applier, operation.Resource.ApiVersion, schema, operation.Query.Force ?? false, allowed);
        LastApplied.Follow(operation.Manager, merged, applied);
        return merged;
    }

    /// <summary>An object without managed fields belongs to "before-first-apply", so that a first apply can conflict.</summary>
    private static void OwnBeforeFirstApply(Operation operation, JsonObject live, ManagedFields managed)
    {
        var fields = FieldWalk.FieldsOf(live, operation.Kind.Schema);
        FieldOwnership.Strip(fields);
        if (!fields.IsEmpty)
        {
            var updater = ManagerKey.Updater("before-first-apply", operation.Resource.ApiVersion, "");
            managed.Entries[updater] = new ManagerEntry(fields, operation.Resource.ApiVersion, null);
        }
    }

    private void Stamp(Operation operation, ManagedFields managed)
    {
        var applier = ManagerKey.Applier(operation.Manager, operation.Subresource);
        if (managed.Entries.TryGetValue(applier, out var entry))
        {
            managed.Entries[applier] = entry with { Time = KubernetesJson.Time(time.GetUtcNow()) };
        }
    }

    private static void CheckApplied(Operation operation, JsonObject applied)
    {
        if (operation.Query.FieldManager is null)
        {
            throw StatusException.InvalidOptions("PatchOptions", new FieldError(
                "FieldValueRequired", "fieldManager", "Required value: is required for apply patch"));
        }

        var apiVersion = applied.String("apiVersion") ?? "";
        var kind = applied.String("kind") ?? "";
        if (apiVersion.Length == 0 || kind.Length == 0)
        {
            var at = apiVersion.IndexOf('/', StringComparison.Ordinal);
            var (group, version) = at < 0 ? ("", apiVersion) : (apiVersion[..at], apiVersion[(at + 1)..]);
            throw StatusException.BadRequest($"invalid object type: {group}/{version}, Kind={kind}");
        }

        if (applied.Object("metadata") is { } metadata && metadata.ContainsKey("managedFields"))
        {
            throw StatusException.BadRequest("metadata.managedFields must be nil");
        }

        BodyReader.CheckKind(operation.Kind, applied);
        CheckFits(operation, applied);
        RequestChecks.CheckNamespace(operation, applied);
        if (applied.Object("metadata").String("name") is { Length: > 0 } name && name != operation.Key.Name)
        {
            throw StatusException.BadRequest($"the name of the object ({name}) does not match the name on the URL ({operation.Key.Name})");
        }
    }

    private static void CheckFits(Operation operation, JsonObject applied)
    {
        var errors = TypedCheck.Errors(applied, operation.Kind.Schema).ToList();
        if (errors.Count > 0)
        {
            var metadata = applied.Object("metadata");
            var where = $"{metadata.String("namespace")}/{metadata.String("name")}; {operation.Resource.Group}/{operation.Resource.Version}, Kind={operation.Resource.Kind}";
            var text = errors.Count == 1 ? errors[0] : $"errors:\n  {string.Join("\n  ", errors)}";
            throw new StatusException(500, null, $"failed to create typed patch object ({where}): {text}");
        }
    }
}
