using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Grants;
using Portcullis.Drift;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Kubernetes.Stores;
using Portcullis.Objects.Json;

namespace Portcullis.Grants;

/// <summary>What was found and done in one namespace.</summary>
internal sealed record BindingReport(string Namespace, IReadOnlyList<BindingAction> Done, IReadOnlyList<RevertedBinding> Reverted);

/// <summary>A binding that somebody else had changed, and the grants it stands for.</summary>
internal sealed record RevertedBinding(BindingAction Undoing, string By, IReadOnlyList<string> Grants)
{
    public ObjectKey Key => Undoing.Key;
}

/// <summary>
/// Keeps the RoleBindings of one namespace as all grants together want them. One namespace is worked on by one caller at a time; what was
/// written is remembered until the store shows it, so that nothing is written twice because the watch is a moment behind.
/// </summary>
internal sealed class NamespaceBindings(IKubernetesClient client, UntypedStores stores, AccessState access, DriftLedger ledger, ParallelRequests requests, TimeProvider time)
{
    public const string Selector = WellKnown.Labels.ManagedBy + "=" + WellKnown.Labels.ManagedByValue;
    public const string NamespaceIndex = "namespace";

    private static readonly WriteOptions Writer = new(WellKnown.Managers.Grants);

    private readonly IUntypedStore _store = stores.Of(ClusterKinds.RoleBinding, Selector);
    private readonly SettledNamespaces _settled = new(stores.Of(ClusterKinds.RoleBinding, Selector));
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _gates = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, Written>> _written = new(StringComparer.Ordinal);

    /// <summary>Writes under way; true once the watch told of the same binding meanwhile.</summary>
    private readonly ConcurrentDictionary<ObjectKey, bool> _underWay = new();

    /// <summary>Makes the bindings of all these namespaces right, several at once; progress is told as it comes.</summary>
    public async Task<IReadOnlyList<BindingReport>> EnsureAllAsync(
        IReadOnlyCollection<string> namespaces, Func<int, Task> progress, CancellationToken cancellationToken)
    {
        var reports = new ConcurrentBag<BindingReport>();
        var done = 0;
        await requests.ForEachAsync(
            namespaces,
            async (one, token) =>
            {
                reports.Add(await EnsureAsync(one, token));
                await progress(Interlocked.Increment(ref done));
            },
            cancellationToken);
        return [.. reports.OrderBy(r => r.Namespace, StringComparer.Ordinal)];
    }

    public async Task<BindingReport> EnsureAsync(string @namespace, CancellationToken cancellationToken)
    {
        var gate = _gates.GetOrAdd(@namespace, _ => new SemaphoreSlim(1));
        await gate.WaitAsync(cancellationToken);
        try
        {
            var (model, now, stamp) = (access.Current, time.GetUtcNow(), _settled.Stamp(@namespace));
            if (_settled.Contains(@namespace, model, now))
            {
                return new BindingReport(@namespace, [], []);
            }

            var wanted = model.In(@namespace, now);
            var plan = BindingPlanner.Plan(@namespace, wanted, Observe(@namespace));
            foreach (var (key, body) in plan.InPlace)
            {
                ledger.InPlace(ClusterKinds.RoleBinding, key, body);
            }

            if (plan.Actions.Count == 0)
            {
                _settled.Add(@namespace, model, stamp, now);
            }

            var reverted = new List<RevertedBinding>();
            foreach (var action in plan.Actions)
            {
                if (await AttributeAsync(action, cancellationToken) is { } by)
                {
                    reverted.Add(new RevertedBinding(action, by, GrantsOf(action, wanted)));
                }

                await ActAsync(action, cancellationToken);
            }

            return new BindingReport(@namespace, plan.Actions, reverted);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Whether the bindings of a namespace give every subject of a grant its role; a suspended grant's may be bound there or not.</summary>
    public bool Give(GrantResolution resolution, string @namespace, AccessModel model) =>
        (resolution.Grant.Spec.Suspend != true && _settled.Contains(@namespace, model, time.GetUtcNow()))
        || BindingPlanner.InForce(resolution.Role!, resolution.Subjects, Observe(@namespace).Values);

    /// <summary>Our bindings in a namespace by name: the store's, with what we wrote since.</summary>
    private Dictionary<string, JsonObject> Observe(string @namespace)
    {
        var observed = _store.Find(NamespaceIndex, @namespace).ToDictionary(o => o.Object("metadata").String("name")!, StringComparer.Ordinal);
        var remembered = WrittenIn(@namespace);
        foreach (var (name, written) in remembered)
        {
            var shown = observed.GetValueOrDefault(name);
            if (VersionOf(shown) != written.Upon)
            {
                remembered.TryRemove(new KeyValuePair<string, Written>(name, written));
            }
            else if (written.Result is null)
            {
                observed.Remove(name);
            }
            else
            {
                observed[name] = written.Result;
            }
        }

        return observed;
    }

    /// <summary>True for the watch's echo of our own write, which nobody need look at.</summary>
    public bool IsEcho(Change<JsonObject> change)
    {
        _underWay.TryUpdate(change.Key, true, false);
        var remembered = WrittenIn(change.Key.Namespace);
        return remembered.TryGetValue(change.Key.Name, out var written) && change.Version == VersionOf(written.Result)
            && remembered.TryRemove(new KeyValuePair<string, Written>(change.Key.Name, written));
    }

    /// <summary>Every namespace that has bindings of ours.</summary>
    public IEnumerable<string> BoundNamespaces() => _store.Keys().Select(k => k.Namespace).Distinct(StringComparer.Ordinal);

    private Task<string?> AttributeAsync(BindingAction action, CancellationToken cancellationToken) => action switch
    {
        BindingAction.Apply apply => ledger.AttributeAsync(ClusterKinds.RoleBinding, apply.Key, apply.Body, apply.Exists, cancellationToken),
        BindingAction.Replace replace => ledger.AttributeAsync(ClusterKinds.RoleBinding, replace.Key, replace.Body, true, cancellationToken),

        // One that we never put there was made by somebody else.
        BindingAction.Delete delete when !ledger.Knows(ClusterKinds.RoleBinding, delete.Key) => ForeignAsync(delete.Key, cancellationToken),
        _ => Task.FromResult<string?>(null),
    };

    private async Task<string?> ForeignAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        var words = await ledger.DescribeAsync(ClusterKinds.RoleBinding, key, cancellationToken);
        return words == "by unknown" ? null : words;
    }

    private async Task ActAsync(BindingAction action, CancellationToken cancellationToken)
    {
        var upon = _store.VersionOf(action.Key);
        switch (action)
        {
            case BindingAction.Apply apply:
                await WriteAsync(apply.Key, apply.Body, upon, cancellationToken);
                break;
            case BindingAction.Replace replace:
                await client.DeleteAsync(ClusterKinds.RoleBinding, replace.Key, new DeleteOptions { Uid = replace.Uid }, cancellationToken);
                await WriteAsync(replace.Key, replace.Body, upon, cancellationToken);
                break;
            default:
                await client.DeleteAsync(ClusterKinds.RoleBinding, action.Key, new DeleteOptions(), cancellationToken);
                ledger.Forget(ClusterKinds.RoleBinding, action.Key);
                WrittenIn(action.Key.Namespace)[action.Key.Name] = new Written(upon, null);
                break;
        }
    }

    private async Task WriteAsync(ObjectKey key, JsonObject body, string? upon, CancellationToken cancellationToken)
    {
        _underWay[key] = false;
        try
        {
            var result = await client.ApplyAsync(ClusterKinds.RoleBinding, body, Writer, cancellationToken);
            ledger.InPlace(ClusterKinds.RoleBinding, key, body);
            WrittenIn(key.Namespace)[key.Name] = new Written(upon, result);
        }
        finally
        {
            // The watch was faster than the answer. It may even have shown the binding made and deleted again: the store then looks
            // as it did before the write, and only that the watch spoke at all tells the two apart.
            if ((_underWay.TryRemove(key, out var spoken) && spoken) || _store.VersionOf(key) != upon)
            {
                WrittenIn(key.Namespace).TryRemove(key.Name, out _);
            }
        }
    }

    /// <summary>What was written in a namespace and the store does not show yet, by name.</summary>
    private ConcurrentDictionary<string, Written> WrittenIn(string @namespace) =>
        _written.GetOrAdd(@namespace, _ => new ConcurrentDictionary<string, Written>(concurrencyLevel: 1, capacity: 1, StringComparer.Ordinal));

    private static IReadOnlyList<string> GrantsOf(BindingAction action, IReadOnlyList<RoleInNamespace> wanted) =>
        wanted.FirstOrDefault(r => action.Key.Name == r.Role.ClusterRoleName || action.Key.Name.StartsWith(r.Role.ClusterRoleName + ":", StringComparison.Ordinal))
            ?.Grants ?? [];

    private static string? VersionOf(JsonObject? value) => value.Object("metadata").String("resourceVersion");

    /// <summary>What we wrote (null: deleted) when the store showed the version <see cref="Upon"/>.</summary>
    private sealed record Written(string? Upon, JsonObject? Result);
}
