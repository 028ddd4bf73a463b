using System.Text.Json.Nodes;
using Portcullis.ApiServer.Admission;
using Portcullis.ApiServer.Admission.Quotas;
using Portcullis.ApiServer.Kinds;
using Portcullis.ApiServer.Storage;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Controllers;

/// <summary>Keeps the <c>status</c> of each ResourceQuota: what is bounded, and what of it is used.</summary>
internal sealed class QuotaController(IObjectStore store, IResourceOperations operations) : IBuiltInController
{
    public string Name => "system:serviceaccount:kube-system:resourcequota-controller";

    public IEnumerable<string> AllKeys() => store.List(PolicyKinds.ResourceQuota).Select(stored => stored.Key.ToString());

    public IEnumerable<string> KeysFor(StoreEvent change)
    {
        var @namespace = change.Object.Key.Namespace;
        if (@namespace.Length == 0)
        {
            return [];
        }

        if (change.Object.Resource is { Group: "", Plural: "resourcequotas" })
        {
            return change.IsDeletion ? Bounding(change) : [change.Object.Key.ToString(), .. Bounding(change)];
        }

        return Bounding(change);
    }

    public async Task<TimeSpan?> ReconcileAsync(string key, CancellationToken cancellationToken)
    {
        var parts = key.Split('/');
        if (store.Get(PolicyKinds.ResourceQuota, new ObjectKey(parts[0], parts[1])) is not { } stored)
        {
            return null;
        }

        var hard = ResourceAmounts.Read(stored.Object.Object("spec").Object("hard"));
        var used = QuotaUsage.Total(store, parts[0], hard.Keys, QuotaScopes.Read(stored.Object));
        var status = new JsonObject { ["hard"] = ResourceAmounts.ToJson(hard), ["used"] = ResourceAmounts.ToJson(used) };
        if (!JsonNode.DeepEquals(status, stored.Object["status"]))
        {
            var value = stored.Object.DeepClone().AsObject();
            value["status"] = status;
            _ = await operations.UpdateAsync(Name, PolicyKinds.ResourceQuota, value, "status", cancellationToken);
        }

        return null;
    }

    /// <summary>The namespace's quotas that bound something of the changed object's kind.</summary>
    private IReadOnlyList<string> Bounding(StoreEvent change)
    {
        // Only what comes, goes or (a pod that ends, a service that changes its type) changes its use.
        var resource = change.Object.Resource;
        if (!change.IsDeletion && change.Previous is not null && resource is not { Group: "", Plural: "pods" or "services" or "persistentvolumeclaims" })
        {
            return [];
        }

        return [.. store.List(PolicyKinds.ResourceQuota, change.Object.Key.Namespace)
            .Where(quota => (quota.Object.Object("spec").Object("hard") ?? []).Any(bound =>
                QuotaUsage.KindOf(bound.Key) is { } kind && kind.QualifiedPlural == resource.QualifiedPlural))
            .Select(quota => quota.Key.ToString())];
    }
}
