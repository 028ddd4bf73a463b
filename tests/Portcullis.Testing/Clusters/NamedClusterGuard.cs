using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;

namespace Portcullis.Testing.Clusters;

/// <summary>
/// Leaves a cluster that is not the test's own as it was: what is new since the guard was set, and was written by a test or by the
/// program, goes. Nothing that anybody else made is touched, whenever he made it.
/// </summary>
internal sealed class NamedClusterGuard
{
    private const string Tests = "test";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>What holds others comes after them: kinds last.</summary>
    private static readonly ApiResource[] Kinds =
    [
        ClusterKinds.MutatingWebhook,
        ClusterKinds.ValidatingWebhook,
        .. CoreKinds.All.All.Select(k => k.Resource),
        ClusterKinds.Node,
        ClusterKinds.Namespace,
        new("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings", false),
        ClusterKinds.ClusterRole,
        new("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", false),
    ];

    private readonly KubernetesClient _client;
    private readonly HashSet<(string Kind, string Name)> _before;
    private readonly ConcurrentDictionary<(ApiResource Kind, ObjectKey Key), bool> _applied = [];

    private NamedClusterGuard(KubernetesClient client, HashSet<(string Kind, string Name)> before)
    {
        _client = client;
        _before = before;
    }

    public static async Task<NamedClusterGuard> SetAsync(KubernetesClient client)
    {
        var before = new HashSet<(string, string)>();
        foreach (var kind in Kinds)
        {
            before.UnionWith((await ListAsync(client, kind)).Select(v => (kind.Kind, NameOf(v))));
        }

        return new NamedClusterGuard(client, before);
    }

    /// <summary>A test is about to apply this. An object without any field of its own would not say so itself.</summary>
    public async Task ApplyingAsync(ApiResource kind, ObjectKey key)
    {
        if (await _client.GetAsync(kind, key, CancellationToken.None) is null)
        {
            _applied[(kind, key)] = true;
        }
    }

    /// <summary>To be called when nothing of ours runs any more: finalizers are taken off, since nobody is left to do it.</summary>
    public async Task CleanAsync()
    {
        foreach (var (kind, key) in _applied.Keys.Where(a => a.Kind.Namespaced))
        {
            await _client.DeleteAsync(kind, key, new DeleteOptions(), CancellationToken.None);
        }

        foreach (var kind in Kinds)
        {
            foreach (var value in await NewAsync(kind))
            {
                await DeleteAsync(kind, value);
            }

            await Eventually.HoldsAsync(async () => (await NewAsync(kind)).Count == 0, Patience, $"the test's {kind.Plural} to go");
        }
    }

    private async Task<List<JsonObject>> NewAsync(ApiResource kind) =>
        [.. (await ListAsync(_client, kind)).Where(v => !_before.Contains((kind.Kind, NameOf(v))) && (_applied.Keys.Any(a => a.Kind.Kind == kind.Kind && a.Key.Name == NameOf(v)) || IsOurs(v)))];

    private async Task DeleteAsync(ApiResource kind, JsonObject value)
    {
        var key = ObjectKey.Cluster(NameOf(value));
        try
        {
            if (value["metadata"]!["finalizers"] is not null && kind.Group == WellKnown.Group)
            {
                var patch = new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } };
                await _client.MergePatchAsync(kind, key, patch, new WriteOptions(Tests), CancellationToken.None);
            }

            await _client.DeleteAsync(kind, key, new DeleteOptions { PropagationPolicy = "Background" }, CancellationToken.None);
        }
        catch (KubernetesApiException e) when (e.IsNotFound)
        {
            // Gone with what held it.
        }
    }

    /// <summary>Empty where the cluster does not serve the kind.</summary>
    private static async Task<List<JsonObject>> ListAsync(KubernetesClient client, ApiResource kind)
    {
        var found = new List<JsonObject>();
        try
        {
            await foreach (var value in client.ListAsync(kind, new ListOptions(), CancellationToken.None))
            {
                found.Add(value);
            }
        }
        catch (KubernetesApiException e) when (e.IsNotFound)
        {
            // Its CRD is not there.
        }

        return found;
    }

    /// <summary>By its writers. The program's own namespace is made with a name alone, which leaves no writer's mark.</summary>
    private static bool IsOurs(JsonObject value) => NameOf(value) == WellKnown.SystemNamespace || value["metadata"]!["managedFields"]?.AsArray()
        .Any(f => f!["manager"]?.GetValue<string>() is { } manager && (manager == Tests || manager.StartsWith(WellKnown.Managers.Prefix, StringComparison.Ordinal))) == true;

    private static string NameOf(JsonObject value) => value["metadata"]!["name"]!.GetValue<string>();
}
