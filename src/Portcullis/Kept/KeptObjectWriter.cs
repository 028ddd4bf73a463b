using System.Text.Json.Nodes;
using Portcullis.Actions;
using Portcullis.Core;
using Portcullis.Core.Kept;
using Portcullis.Drift;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Events;
using Portcullis.Objects.Json;

namespace Portcullis.Kept;

/// <summary>
/// Writes the objects that are ours as a whole: bindings, ClusterRoles, guardrails. The first write of one must not merge into an object that
/// was there before, and costs no look whether there is one: the server says so.
/// </summary>
internal sealed class KeptObjectWriter(KubernetesClient client, DriftLedger ledger, ForeignObjects foreign, EventRecorder events)
{
    /// <summary>Makes an object that our stores do not show.</summary>
    /// <exception cref="ActionFailedException">Another's is there, and <paramref name="adopts"/> does not let us take it over.</exception>
    public async Task<JsonObject> MakeAsync(ApiResource resource, ObjectKey key, JsonObject body, string manager, bool adopts, CancellationToken cancellationToken)
    {
        JsonObject made;
        try
        {
            made = await FirstAsync(resource, body, manager, cancellationToken);
        }
        catch (KubernetesApiException e) when (e.IsConflict)
        {
            if (await client.GetAsync(resource, key, cancellationToken) is not { } present)
            {
                throw new ActionFailedException(e.Reason, $"{resource.Kind} {key} came and went while it was written");
            }

            made = await TakeAsync(resource, key, present, body, manager, adopts, cancellationToken);
        }

        made = await WholeAsync(resource, key, made, body, manager, cancellationToken);
        foreign.Remove(resource, key);
        return made;
    }

    /// <summary>Makes one of ours say the right thing again.</summary>
    public async Task<JsonObject> ChangeAsync(ApiResource resource, ObjectKey key, JsonObject body, string manager, CancellationToken cancellationToken) =>
        await WholeAsync(resource, key, await client.ApplyAsync(resource, body, new WriteOptions(manager), cancellationToken), body, manager, cancellationToken);

    public Task DeleteAsync(ApiResource resource, ObjectKey key, DeleteOptions options, CancellationToken cancellationToken) =>
        client.DeleteAsync(resource, key, options, cancellationToken);

    /// <summary>
    /// Server-side apply without force is refused where another's field says something else; bindings and ClusterRoles are made of such fields alone.
    /// A guardrail could be merged with another's (more limits of a quota), so that it is created.
    /// </summary>
    private Task<JsonObject> FirstAsync(ApiResource resource, JsonObject body, string manager, CancellationToken cancellationToken) =>
        resource.Group == ClusterKinds.RoleBinding.Group
            ? client.ApplyAsync(resource, body, new WriteOptions(manager) { Force = false }, cancellationToken)
            : client.CreateAsync(resource, body, new WriteOptions(manager), cancellationToken);

    /// <summary>
    /// What we had put in place in this process and is somebody else's now was replaced by hand: it is put back. Otherwise it is ours already (the
    /// store is behind, or its label was taken off), or it was there before us.
    /// </summary>
    private async Task<JsonObject> TakeAsync(
        ApiResource resource, ObjectKey key, JsonObject present, JsonObject body, string manager, bool adopts, CancellationToken cancellationToken)
    {
        var isOurs = ForeignObject.IsOurs(present, manager);
        if (!isOurs && !adopts && !ledger.Knows(resource, key))
        {
            var left = ForeignObject.Left(resource, key, present);
            foreign.Add(resource, key, left);
            throw new ActionFailedException(left);
        }

        var taken = KeptState.MustBeReplaced(body, present)
            ? await ReplaceAsync(resource, key, present, body, manager, cancellationToken)
            : await client.ApplyAsync(resource, body, new WriteOptions(manager), cancellationToken);
        if (!isOurs && !ledger.Knows(resource, key))
        {
            events.Record(resource, key, taken.Object("metadata").String("uid"), null, ForeignObject.TakenOver(resource, key, present));
        }

        return taken;
    }

    /// <summary>Takes off what others added.</summary>
    private async Task<JsonObject> WholeAsync(
        ApiResource resource, ObjectKey key, JsonObject written, JsonObject body, string manager, CancellationToken cancellationToken)
    {
        if (KeptState.Surplus(body, written) is not { } surplus)
        {
            return written;
        }

        if (KeptState.MustBeReplaced(body, written))
        {
            return await ReplaceAsync(resource, key, written, body, manager, cancellationToken);
        }

        surplus["metadata"] = new JsonObject { ["resourceVersion"] = written.Object("metadata").String("resourceVersion") };
        return await client.MergePatchAsync(resource, key, surplus, new WriteOptions(manager), cancellationToken);
    }

    private async Task<JsonObject> ReplaceAsync(
        ApiResource resource, ObjectKey key, JsonObject present, JsonObject body, string manager, CancellationToken cancellationToken)
    {
        await client.DeleteAsync(resource, key, new DeleteOptions { Uid = present.Object("metadata").String("uid") }, cancellationToken);
        return await client.ApplyAsync(resource, body, new WriteOptions(manager), cancellationToken);
    }
}
