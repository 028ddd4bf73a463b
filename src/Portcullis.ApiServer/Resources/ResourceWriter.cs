using System.Text.Json.Nodes;
using Portcullis.ApiServer.Errors;
using Portcullis.ApiServer.Patches.Apply;
using Portcullis.ApiServer.Storage;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Resources;

/// <summary>
/// The write path of every kind. Create: decode, default, own the fields, mutate, prepare, validate, admit, store. Update: the same
/// with the stored object at hand, and again from the start when someone else was faster and the client named no version.
/// </summary>
internal sealed class ResourceWriter(SqliteStore store, ObjectPolicy policy, AdmissionChain admission, TimeProvider time)
{
    public async Task<WriteResult> CreateAsync(Operation operation, JsonObject body, CancellationToken cancellationToken)
    {
        var kind = operation.Kind;
        var value = body;
        RequestChecks.CheckNamespace(operation, value);
        ObjectPolicy.Decode(operation, value);
        Metadata.ClearForCreate(value, kind, operation.Namespace);
        policy.Default(kind, value);
        ObjectPolicy.ResetForCreate(kind, value);
        RecordCreate(operation, value);
        return await StoreNewAsync(operation, value, cancellationToken);
    }

    /// <summary>Stores what server-side apply made where nothing was.</summary>
    public async Task<WriteResult> CreateAppliedAsync(
        Operation operation, JsonObject value, ManagedFields managed, CancellationToken cancellationToken)
    {
        ObjectPolicy.Decode(operation, value);
        Metadata.ClearForCreate(value, operation.Kind, operation.Namespace);
        policy.Default(operation.Kind, value);
        ObjectPolicy.ResetForCreate(operation.Kind, value);
        managed.WriteTo(value);
        return await StoreNewAsync(operation, value, cancellationToken);
    }

    /// <summary>Changes the object through its Scale, and answers with that.</summary>
    /// <param name="operation">On the subresource.</param>
    /// <param name="change">From the Scale as it is to the one that is wanted.</param>
    /// <param name="cancellationToken">Ends the write.</param>
    public async Task<WriteResult> ScaleAsync(Operation operation, Func<JsonObject, JsonObject> change, CancellationToken cancellationToken)
    {
        var kind = operation.Kind;
        var scaled = await UpdateAsync(operation, old => ScaleView.ApplyTo(kind, old, change(ScaleView.Of(kind, old))), applied: false, cancellationToken);
        return scaled with { Value = ScaleView.Of(kind, scaled.Value) };
    }

    /// <summary>
    /// Changes the stored object by <paramref name="change"/>, which is called again with the newest state after a lost race unless it
    /// names a version. <paramref name="applied"/> means that the change has written managedFields itself.
    /// </summary>
    public async Task<WriteResult> UpdateAsync(
        Operation operation, Func<JsonObject, JsonObject> change, bool applied, CancellationToken cancellationToken)
    {
        var kind = operation.Kind;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var stored = store.Get(kind.Storage, operation.Key) ?? throw StatusException.NotFound(operation.Resource, operation.Key.Name);
            var old = ObjectPolicy.FromStorage(kind, stored.Object);
            var value = change(old);
            RequestChecks.CheckUpdate(operation, value, old);
            ObjectPolicy.Decode(operation, value);
            Metadata.PrepareForUpdate(value, old);
            ObjectPolicy.ResetForUpdate(operation, value, old);
            policy.Default(kind, value);
            if (!applied)
            {
                RecordUpdate(operation, value, old);
            }

            var next = await AdmitUpdateAsync(operation, value, old, cancellationToken);
            if (next is null)
            {
                return new WriteResult(200, old);
            }

            if (operation.DryRun)
            {
                return new WriteResult(200, next);
            }

            var written = await PutAsync(operation, stored, next, cancellationToken);
            if (written is not null)
            {
                return new WriteResult(200, written);
            }

            // Somebody else was faster: again from the new state, as etcd's guaranteed update does (someone wins every round). A writer
            // that named a version is refused there.
        }
    }

    private async Task<WriteResult> StoreNewAsync(Operation operation, JsonObject value, CancellationToken cancellationToken)
    {
        var kind = operation.Kind;
        await admission.MutateAsync(operation, "CREATE", value, null, cancellationToken);
        policy.Renormalize(kind, value);
        Metadata.FillForCreate(value, kind, time.GetUtcNow());
        ObjectPolicy.PrepareForCreate(kind, value);
        var name = Metadata.Of(value).String("name") ?? "";
        var key = new ObjectKey(operation.Namespace, name);
        policy.Validate(operation, value, null);
        var existing = store.Get(kind.Storage, key);
        if (existing is not null)
        {
            throw StatusException.AlreadyExists(operation.Resource, name);
        }

        await admission.ValidateAsync(operation, "CREATE", value, null, cancellationToken);
        Metadata.Order(value);
        if (operation.DryRun)
        {
            return new WriteResult(201, value);
        }

        var stored = await store.PutAsync(kind.Storage, key, ObjectPolicy.ToStorage(kind, value), 0, cancellationToken)
            ?? throw StatusException.AlreadyExists(operation.Resource, name);
        return new WriteResult(201, ObjectPolicy.FromStorage(kind, stored.Object));
    }

    /// <summary>The object as it will be stored; null when nothing would change.</summary>
    private async Task<JsonObject?> AdmitUpdateAsync(
        Operation operation, JsonObject value, JsonObject old, CancellationToken cancellationToken)
    {
        var kind = operation.Kind;
        await admission.MutateAsync(operation, "UPDATE", value, old, cancellationToken);
        policy.Renormalize(kind, value);
        ObjectPolicy.CountGeneration(operation, value, old);
        policy.Validate(operation, value, old);
        await admission.ValidateAsync(operation, "UPDATE", value, old, cancellationToken);
        Metadata.Order(value);
        return JsonNode.DeepEquals(value, old) ? null : value;
    }

    private async Task<JsonObject?> PutAsync(Operation operation, StoredObject stored, JsonObject next, CancellationToken cancellationToken)
    {
        var kind = operation.Kind;
        if (Metadata.IsBeingDeleted(next) && !ObjectPolicy.HoldsDeletion(kind, next))
        {
            var removed = await store.DeleteAsync(kind.Storage, stored.Key, stored.Version, cancellationToken);
            return removed is null ? null : next;
        }

        var written = await store.PutAsync(kind.Storage, stored.Key, ObjectPolicy.ToStorage(kind, next), stored.Version, cancellationToken);
        return written is null ? null : ObjectPolicy.FromStorage(kind, written.Object);
    }

    private void RecordCreate(Operation operation, JsonObject value)
    {
        var kind = operation.Kind;
        var empty = kind.IsCustom ? [] : TypedDecoder.Empty(kind.Schema);
        Record(operation, empty, value, new ManagedFields());
    }

    private void RecordUpdate(Operation operation, JsonObject value, JsonObject old)
    {
        var managed = ManagedFields.Parse(old);
        var live = (JsonObject)old.DeepClone();
        Metadata.Of(live).Remove("managedFields");
        if (Metadata.Of(value).Array("managedFields") is { } given && operation.Subresource.Length == 0)
        {
            // A client may rewrite the entries, and takes them all off with none or an empty one.
            managed = given is [] or [JsonObject { Count: 0 }] ? new ManagedFields() : ManagedFields.Parse(value);
        }

        Metadata.Of(value).Remove("managedFields");
        Record(operation, live, value, managed);
    }

    private void Record(Operation operation, JsonObject live, JsonObject value, ManagedFields managed)
    {
        var updater = ManagerKey.Updater(operation.Manager, operation.Resource.ApiVersion, operation.Subresource);
        FieldOwnership.RecordUpdate(live, value, managed, updater, operation.Kind.Schema, KubernetesJson.Time(time.GetUtcNow()));
        managed.WriteTo(value);
    }
}
