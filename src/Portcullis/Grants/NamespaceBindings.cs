using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Portcullis.Actions;
using Portcullis.Core;
using Portcullis.Core.Access;
using Portcullis.Core.Grants;
using Portcullis.Drift;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Kubernetes.Stores;
using Portcullis.Objects.Json;

namespace Portcullis.Grants;

/// <summary>What came of the actions in one namespace.</summary>
internal sealed record BindingReport(string Namespace, IReadOnlyList<ActionResult> Results)
{
    public IReadOnlyList<ActionResult.Failed> Failures => [.. Results.OfType<ActionResult.Failed>()];
}

/// <summary>What writing bindings needs.</summary>
internal sealed record BindingDependencies(
    IKubernetesClient Client, UntypedStores Stores, DriftLedger Ledger, ActionRunner Runner, ParallelRequests Requests);

/// <summary>
/// Keeps the RoleBindings of one namespace as all grants together want them. One namespace is worked on by one caller at a time; what was
/// written is remembered until the store shows it, so that nothing is written twice because the watch is a moment behind.
/// </summary>
internal sealed class NamespaceBindings
{
    public const string Selector = WellKnown.Labels.ManagedBy + "=" + WellKnown.Labels.ManagedByValue;
    public const string NamespaceIndex = "namespace";

    private readonly IKubernetesClient _client;
    private readonly IUntypedStore _store;
    private readonly AccessState _access;
    private readonly DriftLedger _ledger;
    private readonly ActionRunner _runner;
    private readonly ParallelRequests _requests;
    private readonly TimeProvider _time;
    private readonly SettledNamespaces _settled = new();
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _gates = new(StringComparer.Ordinal);
    private readonly OwnWrites _own = new();
    private Action<string>? _disturbed;

    public NamespaceBindings(BindingDependencies dependencies, AccessState access, TimeProvider time)
    {
        _client = dependencies.Client;
        _store = dependencies.Stores.Of(ClusterKinds.RoleBinding, Selector);
        _access = access;
        _ledger = dependencies.Ledger;
        _runner = dependencies.Runner;
        _requests = dependencies.Requests;
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
            var results = new List<ActionResult>();
            while (!await LookAsync(@namespace, results, cancellationToken))
            {
                // Something else than our own writes was seen meanwhile.
            }

            return new BindingReport(@namespace, results);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Looks and acts once; false when it must be looked again. What failed is left to the next time.</summary>
    private async Task<bool> LookAsync(string @namespace, List<ActionResult> results, CancellationToken cancellationToken)
    {
        var (model, now) = (_access.Current, _time.GetUtcNow());
        if (_settled.Contains(@namespace, model, now))
        {
            return true;
        }

        var look = _settled.Look(@namespace);
        var plan = BindingPlanner.Plan(@namespace, model.In(@namespace, now), Observe(@namespace));
        foreach (var (key, body) in plan.InPlace)
        {
            _ledger.InPlace(ClusterKinds.RoleBinding, key, body);
        }

        var executor = new BindingExecutor(_client, _store, _own, _ledger);
        var ended = await _runner.RunAsync("bindings", plan.Actions, executor, cancellationToken);
        results.AddRange(ended);
        var hasFailed = ended.Any(r => r is not ActionResult.Done);
        if (!hasFailed && !executor.SawOthers)
        {
            _settled.Add(look, model, now);
        }

        return hasFailed || !executor.SawOthers;
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

    private sealed class Disturbance(NamespaceBindings bindings, Action<string> react) : IDisposable
    {
        public void Dispose() => bindings._disturbed -= react;
    }
}
