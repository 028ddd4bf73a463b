using System.Text.Json.Nodes;
using Portcullis.ApiServer.Errors;
using Portcullis.ApiServer.Http;
using Portcullis.ApiServer.Kinds;
using Portcullis.ApiServer.Storage;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Structural;

namespace Portcullis.ApiServer.Resources;

/// <summary>What must hold for a delete and what becomes of dependents (meta/v1 DeleteOptions).</summary>
internal sealed record Deletion(string? Uid, string? ResourceVersion, string? Propagation, bool DryRun)
{
    public static Deletion Parse(JsonObject? body, QueryOptions query)
    {
        var preconditions = body.Object("preconditions");
        var orphan = body?["orphanDependents"] is JsonValue flag && flag.TryGetValue(out bool on) ? on : query.OrphanDependents;
        var propagation = body.String("propagationPolicy") ?? query.PropagationPolicy ?? orphan switch { true => "Orphan", false => "Background", _ => null };
        if (propagation is not (null or "" or "Orphan" or "Background" or "Foreground"))
        {
            throw StatusException.InvalidOptions("DeleteOptions", new FieldError(
                "FieldValueInvalid",
                "propagationPolicy",
                $"Invalid value: \"{propagation}\": must be one of Orphan, Background, Foreground or nil"));
        }

        var dryRun = query.IsDryRun || body.Array("dryRun") is { Count: > 0 };
        return new Deletion(preconditions.String("uid"), preconditions.String("resourceVersion"), propagation, dryRun);
    }
}

/// <summary>
/// Deletes: at once when nothing holds the object, else by setting deletionTimestamp and waiting for the finalizers. The dependents are
/// the garbage collector's work; here the object only gets the finalizer that asks for it.
/// </summary>
internal sealed class ResourceDeleter(SqliteStore store, AdmissionChain admission, TimeProvider time)
{
    private const string CrdCleanup = "customresourcecleanup.apiextensions.k8s.io";

    /// <summary>The object while it waits for its finalizers; a Status once it is gone.</summary>
    public async Task<JsonObject> DeleteAsync(Operation operation, Deletion deletion, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var stored = store.Get(operation.Kind.Storage, operation.Key)
                ?? throw StatusException.NotFound(operation.Resource, operation.Key.Name);
            CheckPreconditions(operation, deletion, stored);
            var old = ObjectPolicy.FromStorage(operation.Kind, stored.Object);
            await admission.MutateAsync(operation, "DELETE", null, old, cancellationToken);
            await admission.ValidateAsync(operation, "DELETE", null, old, cancellationToken);
            var done = await TryAsync(operation, deletion, stored, cancellationToken);
            if (done is not null)
            {
                return done;
            }
        }
    }

    private async Task<JsonObject?> TryAsync(Operation operation, Deletion deletion, StoredObject stored, CancellationToken cancellationToken)
    {
        var kind = operation.Kind;
        var marked = Mark(kind, stored.Object, deletion);
        if (!ObjectPolicy.HoldsDeletion(kind, marked))
        {
            if (deletion.DryRun)
            {
                return Gone(operation, stored);
            }

            var removed = await store.DeleteAsync(kind.Storage, stored.Key, stored.Version, cancellationToken);
            return removed is null ? null : Gone(operation, stored);
        }

        if (deletion.DryRun || JsonNode.DeepEquals(marked, stored.Object))
        {
            return ObjectPolicy.FromStorage(kind, marked);
        }

        var written = await store.PutAsync(kind.Storage, stored.Key, marked, stored.Version, cancellationToken);
        return written is null ? null : ObjectPolicy.FromStorage(kind, written.Object);
    }

    private JsonObject Mark(ServedKind kind, JsonObject stored, Deletion deletion)
    {
        var value = (JsonObject)stored.DeepClone();
        AddFinalizers(kind, value, deletion);
        var metadata = Metadata.Of(value);
        if (metadata["deletionTimestamp"] is not null)
        {
            return value;
        }

        metadata["deletionTimestamp"] = KubernetesJson.Time(time.GetUtcNow());
        if (kind.Resource != StandardKinds.Namespaces && kind.Resource != StandardKinds.Crds)
        {
            metadata["deletionGracePeriodSeconds"] = 0;
        }

        if (kind.HasGeneration && metadata["generation"] is not null)
        {
            metadata["generation"] = Metadata.Generation(value) + 1;
        }

        if (kind.Resource == StandardKinds.Namespaces)
        {
            value["status"] = new JsonObject { ["phase"] = "Terminating" };
        }

        Metadata.Order(value);
        return value;
    }

    private static void AddFinalizers(ServedKind kind, JsonObject value, Deletion deletion)
    {
        var metadata = Metadata.Of(value);
        var finalizers = (metadata.Array("finalizers") ?? []).Select(f => f?.ToString() ?? "").ToList();
        var wanted = finalizers.ToList();
        if (deletion.Propagation is "Orphan" or "Background")
        {
            wanted.RemoveAll(f => f is "foregroundDeletion" or "orphan");
        }

        if (deletion.Propagation == "Orphan")
        {
            wanted.Add("orphan");
        }

        if (deletion.Propagation == "Foreground" && !wanted.Contains("foregroundDeletion"))
        {
            wanted.Add("foregroundDeletion");
        }

        if (kind.Resource == StandardKinds.Crds && CustomKinds.IsEstablished(value) && !wanted.Contains(CrdCleanup)
            && metadata["deletionTimestamp"] is null)
        {
            wanted.Add(CrdCleanup);
        }

        if (!wanted.SequenceEqual(finalizers, StringComparer.Ordinal))
        {
            metadata.Remove("finalizers");
            if (wanted.Count > 0)
            {
                metadata["finalizers"] = new JsonArray(wanted.Select(f => (JsonNode?)f).ToArray());
            }
        }
    }

    private static void CheckPreconditions(Operation operation, Deletion deletion, StoredObject stored)
    {
        var uid = stored.Object.Object("metadata").String("uid");
        var version = stored.Object.Object("metadata").String("resourceVersion");
        if (deletion.Uid is { } wantedUid && wantedUid != uid)
        {
            throw StatusException.Precondition(
                operation.Resource,
                operation.Key.Name,
                $"the UID in the precondition ({wantedUid}) does not match the UID in record ({uid}). The object might have been deleted and then recreated");
        }

        if (deletion.ResourceVersion is { } wantedVersion && wantedVersion != version)
        {
            throw StatusException.Precondition(
                operation.Resource,
                operation.Key.Name,
                $"the ResourceVersion in the precondition ({wantedVersion}) does not match the ResourceVersion in record ({version}). The object might have been modified");
        }
    }

    private static JsonObject Gone(Operation operation, StoredObject stored)
    {
        var details = new JsonObject { ["name"] = stored.Key.Name };
        if (operation.Resource.Group.Length > 0)
        {
            details["group"] = operation.Resource.Group;
        }

        details["kind"] = operation.Resource.Plural;
        details["uid"] = stored.Object.Object("metadata").String("uid");
        return new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["details"] = details,
        };
    }
}
