using System.Text.Json.Nodes;
using Portcullis.ApiServer.Kinds;
using Portcullis.ApiServer.Storage;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Controllers;

/// <summary>
/// Empties a namespace that is being deleted, reports in its conditions what is left and why, and releases it when nothing is
/// (kubernetes pkg/controller/namespace/deletion).
/// </summary>
internal sealed class NamespaceDeletion(IObjectStore store, IKindDirectory kinds, IResourceOperations operations, TimeProvider time) : IBuiltInController
{
    private static readonly TimeSpan Recheck = TimeSpan.FromSeconds(5);

    public string Name => "system:serviceaccount:kube-system:namespace-controller";

    public IEnumerable<string> AllKeys() => store.List(PolicyKinds.Namespace).Where(IsTerminating).Select(stored => stored.Key.Name);

    public IEnumerable<string> KeysFor(StoreEvent change)
    {
        if (change.Object.Resource is { Group: "", Plural: "namespaces" })
        {
            return !change.IsDeletion && IsTerminating(change.Object) ? [change.Object.Key.Name] : [];
        }

        var @namespace = change.Object.Key.Namespace;
        return change.IsDeletion && @namespace.Length > 0 && Find(@namespace) is { } stored && IsTerminating(stored) ? [@namespace] : [];
    }

    public async Task<TimeSpan?> ReconcileAsync(string key, CancellationToken cancellationToken)
    {
        if (Find(key) is not { } stored || !IsTerminating(stored))
        {
            return null;
        }

        var content = Content(key);
        await Parallel.ForEachAsync(
            content.Where(one => one.Object.Object("metadata").String("deletionTimestamp") is null),
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken },
            async (one, token) => await operations.DeleteAsync(Name, one.Resource, one.Key, Options(one), token));

        var left = Content(key);
        if (left.Count > 0)
        {
            await ReportAsync(key, left, cancellationToken);
            return Recheck;
        }

        await ReleaseAsync(key, cancellationToken);
        return null;
    }

    private List<StoredObject> Content(string @namespace) =>
        [.. kinds.All.Where(kind => kind.Namespaced).DistinctBy(kind => kind.QualifiedPlural).SelectMany(kind => store.List(kind, @namespace))];

    private static JsonObject Options(StoredObject stored) => new()
    {
        ["kind"] = "DeleteOptions",
        ["apiVersion"] = "v1",
        ["preconditions"] = new JsonObject { ["uid"] = OwnerGraph.UidOf(stored.Object) },
        ["propagationPolicy"] = "Background",
    };

    private async Task ReportAsync(string name, IReadOnlyList<StoredObject> left, CancellationToken cancellationToken)
    {
        if (Find(name) is not { } stored)
        {
            return;
        }

        var value = stored.Object.DeepClone().AsObject();
        if (value.Object("status") is not { } status)
        {
            value["status"] = status = [];
        }

        var conditions = status.Array("conditions")?.DeepClone().AsArray() ?? [];
        Set(conditions, "NamespaceDeletionDiscoveryFailure", "False", "ResourcesDiscovered", "All resources successfully discovered");
        Set(conditions, "NamespaceDeletionGroupVersionParsingFailure", "False", "ParsedGroupVersions", "All legacy kube types successfully parsed");
        Set(
            conditions,
            "NamespaceDeletionContentFailure",
            "False",
            "ContentDeleted",
            "All content successfully deleted, may be waiting on finalization");
        Set(conditions, "NamespaceContentRemaining", "True", "SomeResourcesRemain", $"Some resources are remaining: {Remaining(left)}");
        var finalizers = Finalizers(left);
        Set(
            conditions,
            "NamespaceFinalizersRemaining",
            finalizers.Length > 0 ? "True" : "False",
            finalizers.Length > 0 ? "SomeFinalizersRemain" : "ContentHasNoFinalizers",
            finalizers.Length > 0
                ? $"Some content in the namespace has finalizers remaining: {finalizers}"
                : "All content-preserving finalizers finished");
        if (!JsonNode.DeepEquals(conditions, status["conditions"]))
        {
            status["conditions"] = conditions;
            _ = await operations.UpdateAsync(Name, PolicyKinds.Namespace, value, "status", cancellationToken);
        }
    }

    private async Task ReleaseAsync(string name, CancellationToken cancellationToken)
    {
        if (Find(name) is not { } stored || !IsTerminating(stored))
        {
            return;
        }

        var value = stored.Object.DeepClone().AsObject();
        if (value.Object("spec") is { } spec && spec.Strings("finalizers") is var finalizers && finalizers.Remove("kubernetes"))
        {
            spec["finalizers"] = KubernetesJson.ToArray(finalizers);
            _ = await operations.UpdateAsync(Name, PolicyKinds.Namespace, value, "finalize", cancellationToken);
        }
    }

    private void Set(JsonArray conditions, string type, string status, string reason, string message)
    {
        var present = conditions.OfType<JsonObject>().FirstOrDefault(condition => condition.String("type") == type);
        if (present is null)
        {
            conditions.Add((JsonNode)(present = new JsonObject { ["type"] = type }));
        }

        if (present.String("status") != status)
        {
            present["lastTransitionTime"] = KubernetesJson.Time(time.GetUtcNow());
        }

        present["status"] = status;
        present["reason"] = reason;
        present["message"] = message;
    }

    private static string Remaining(IReadOnlyList<StoredObject> left) => string.Join(", ", left
        .GroupBy(stored => $"{stored.Resource.Plural}.{stored.Resource.Group}", StringComparer.Ordinal)
        .OrderBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => $"{group.Key} has {group.Count()} resource instances"));

    private static string Finalizers(IReadOnlyList<StoredObject> left) => string.Join(", ", left
        .SelectMany(stored => stored.Object.Object("metadata").Strings("finalizers"))
        .GroupBy(finalizer => finalizer, StringComparer.Ordinal)
        .OrderBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => $"{group.Key} in {group.Count()} resource instances"));

    private StoredObject? Find(string name) => store.Get(PolicyKinds.Namespace, ObjectKey.Cluster(name));

    private static bool IsTerminating(StoredObject stored) => stored.Object.Object("metadata").String("deletionTimestamp") is not null;
}
