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
internal sealed class NamespaceBindings
{
    public const string Selector = WellKnown.Labels.ManagedBy + "=" + WellKnown.Labels.ManagedByValue;
    public const string NamespaceIndex = "namespace";

    private static readonly WriteOptions Writer = new(WellKnown.Managers.Grants);

    private readonly IKubernetesClient _client;
    private readonly IUntypedStore _store;
    private readonly AccessState _access;
    private readonly DriftLedger _ledger;
    private readonly ParallelRequests _requests;
    private readonly TimeProvider _time;
    private readonly SettledNamespaces _settled = new();
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _gates = new(StringComparer.Ordinal);
    private readonly OwnWrites _own = new();
    private Action<string>? _disturbed;

    public NamespaceBindings(IKubernetesClient client, UntypedStores stores, AccessState access, DriftLedger ledger, ParallelRequests requests, TimeProvider time)
    {
        _client = client;
        _store = stores.Of(ClusterKinds.RoleBinding, Selector);
        _access = access;
        _ledger = ledger;
        _requests = requests;
        _time = time;

        // For as long as the program runs: what changes while another copy leads counts as well.
        _store.Subscribe(OnChange);
        _store.WhenListed(OnListed);
    }

    /// <summary>Makes the bindings of all these namespaces right, several at once; progress is told as it comes.</summary>
    public async Task<IReadOnlyList<BindingReport>> EnsureAllAsync(
        IReadOnlyCollection<string> namespaces, Func<int, Task> progress, CancellationToken cancellationToken)
    {
        var reports = new ConcurrentBag<BindingReport>();
        var done = 0;
        await _requests.ForEachAsync(
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
            var done = new List<BindingAction>();
            var reverted = new List<RevertedBinding>();
            while (!await LookAsync(@namespace, done, reverted, cancellationToken))
            {
                // Something else than our own writes was seen meanwhile.
            }

            return new BindingReport(@namespace, done, reverted);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Looks and acts once; false when it must be looked again.</summary>
    private async Task<bool> LookAsync(string @namespace, List<BindingAction> done, List<RevertedBinding> reverted, CancellationToken cancellationToken)
    {
        var (model, now) = (_access.Current, _time.GetUtcNow());
        if (_settled.Contains(@namespace, model, now))
        {
            return true;
        }

        var look = _settled.Look(@namespace);
        var wanted = model.In(@namespace, now);
        var plan = BindingPlanner.Plan(@namespace, wanted, Observe(@namespace));
        foreach (var (key, body) in plan.InPlace)
        {
            _ledger.InPlace(ClusterKinds.RoleBinding, key, body);
        }

        var complete = true;
        foreach (var action in plan.Actions)
        {
            if (await AttributeAsync(action, cancellationToken) is { } by)
            {
                reverted.Add(new RevertedBinding(action, by, GrantsOf(action, wanted)));
            }

            complete &= await ActAsync(action, cancellationToken);
            done.Add(action);
        }

        if (complete)
        {
            _settled.Add(look, model, now);
        }

        return complete;
    }

    /// <summary>Whether the bindings of a namespace give every subject of a grant its role; a suspended grant's may be bound there or not.</summary>
    public bool Give(GrantResolution resolution, string @namespace, AccessModel model) =>
        (resolution.Grant.Spec.Suspend != true && _settled.Contains(@namespace, model, _time.GetUtcNow()))
        || BindingPlanner.InForce(resolution.Role!, resolution.Subjects, Observe(@namespace).Values);

    /// <summary>Our bindings in a namespace by name: the store's, with what we wrote since.</summary>
    private Dictionary<string, JsonObject> Observe(string @namespace)
    {
        var observed = _store.Find(NamespaceIndex, @namespace).ToDictionary(o => o.Object("metadata").String("name")!, StringComparer.Ordinal);
        _own.Overlay(@namespace, observed);
        return observed;
    }

    /// <summary>Calls back with each namespace in which somebody else changed a binding, until disposed.</summary>
    public IDisposable WhenDisturbed(Action<string> react)
    {
        _disturbed += react;
        return new Disturbance(this, react);
    }

    private void OnChange(Change<JsonObject> change)
    {
        if (!_own.IsEcho(change))
        {
            _settled.Doubt(change.Key.Namespace);
            _disturbed?.Invoke(change.Key.Namespace);
        }
    }

    private void OnListed()
    {
        foreach (var one in _own.Doubt())
        {
            _settled.Doubt(one);
            _disturbed?.Invoke(one);
        }
    }

    /// <summary>Every namespace that has bindings of ours.</summary>
    public IEnumerable<string> BoundNamespaces() => _store.Keys().Select(k => k.Namespace).Distinct(StringComparer.Ordinal);

    private Task<string?> AttributeAsync(BindingAction action, CancellationToken cancellationToken) => action switch
    {
        BindingAction.Apply apply => _ledger.AttributeAsync(ClusterKinds.RoleBinding, apply.Key, apply.Body, apply.Exists, cancellationToken),
        BindingAction.Replace replace => _ledger.AttributeAsync(ClusterKinds.RoleBinding, replace.Key, replace.Body, true, cancellationToken),

        // One that we never put there was made by somebody else.
        BindingAction.Delete delete when !_ledger.Knows(ClusterKinds.RoleBinding, delete.Key) => ForeignAsync(delete.Key, cancellationToken),
        _ => Task.FromResult<string?>(null),
    };

    private async Task<string?> ForeignAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        var words = await _ledger.DescribeAsync(ClusterKinds.RoleBinding, key, cancellationToken);
        return words == "by unknown" ? null : words;
    }

    /// <summary>False when the watch told of something else meanwhile.</summary>
    private async Task<bool> ActAsync(BindingAction action, CancellationToken cancellationToken)
    {
        using var write = _own.Begin(action.Key, _store.VersionOf(action.Key));
        switch (action)
        {
            case BindingAction.Apply apply:
                return write.Answered(await ApplyAsync(apply.Key, apply.Body, cancellationToken));
            case BindingAction.Replace replace:
                await _client.DeleteAsync(ClusterKinds.RoleBinding, replace.Key, new DeleteOptions { Uid = replace.Uid }, cancellationToken);
                return write.Answered(await ApplyAsync(replace.Key, replace.Body, cancellationToken));
            default:
                await _client.DeleteAsync(ClusterKinds.RoleBinding, action.Key, new DeleteOptions(), cancellationToken);
                _ledger.Forget(ClusterKinds.RoleBinding, action.Key);
                return write.Answered(null);
        }
    }

    private async Task<JsonObject> ApplyAsync(ObjectKey key, JsonObject body, CancellationToken cancellationToken)
    {
        var result = await _client.ApplyAsync(ClusterKinds.RoleBinding, body, Writer, cancellationToken);
        _ledger.InPlace(ClusterKinds.RoleBinding, key, body);
        return result;
    }

    private static IReadOnlyList<string> GrantsOf(BindingAction action, IReadOnlyList<RoleInNamespace> wanted) =>
        wanted.FirstOrDefault(r => action.Key.Name == r.Role.ClusterRoleName || action.Key.Name.StartsWith(r.Role.ClusterRoleName + ":", StringComparison.Ordinal))
            ?.Grants ?? [];

    private sealed class Disturbance(NamespaceBindings bindings, Action<string> react) : IDisposable
    {
        public void Dispose() => bindings._disturbed -= react;
    }
}
