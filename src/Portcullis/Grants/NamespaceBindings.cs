using Portcullis.Access;
using Portcullis.Actions;
using Portcullis.Core;
using Portcullis.Core.Access;
using Portcullis.Core.Grants;
using Portcullis.Drift;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Grants;

/// <summary>
/// Makes the RoleBindings of one namespace say what all grants together want. Callers take turns at a namespace (the target loop sees to it).
/// </summary>
internal sealed class NamespaceBindings
{
    public const string NamespaceIndex = "namespace";

    private readonly KubernetesClient _client;
    private readonly AccessState _access;
    private readonly DriftLedger _ledger;
    private readonly ActionRunner _runner;
    private readonly TimeProvider _time;
    private readonly ReadYourWritesStore _bindings;
    private readonly SettledNamespaces _settled = new();

    public NamespaceBindings(KubernetesClient client, UntypedStores stores, AccessState access, DriftLedger ledger, ActionRunner runner, TimeProvider time)
    {
        _client = client;
        _access = access;
        _ledger = ledger;
        _runner = runner;
        _time = time;
        _bindings = new ReadYourWritesStore(stores.Of(ClusterKinds.RoleBinding, WellKnown.Labels.ManagedSelector), time, NamespaceIndex);
        _bindings.WhenChangedByOthers(key => _settled.Doubt(key.Namespace));
    }

    /// <summary>
    /// Plans and acts until nothing but our own writes was seen meanwhile. What failed is left to the next time. <paramref name="since"/>: when it was
    /// asked for, as a timestamp of the clock.
    /// </summary>
    public async Task<TargetResult> EnsureAsync(string @namespace, long since, CancellationToken cancellationToken)
    {
        // Taken first: a grant may end while its bindings are read, and nobody would come back for it.
        var begun = _time.GetUtcNow();
        var results = new List<ActionResult>();
        var model = _access.AsOf(since);
        while (!await ReconcileOnceAsync(@namespace, model, results, cancellationToken))
        {
            // Something else than our own writes was seen meanwhile.
            model = _access.Current;
        }

        return new TargetResult(results, model.NextChangeIn(@namespace, begun));
    }

    /// <summary>Whether the bindings of a namespace give every subject of a grant its role; a suspended grant's may be bound there or not.</summary>
    public bool Give(GrantResolution resolution, string @namespace, AccessModel model) =>
        (resolution.Grant.Spec.Suspend != true && _settled.Contains(@namespace, model, _time.GetUtcNow()))
        || BindingPlanner.InForce(resolution.Role!, resolution.Subjects, _bindings.In(@namespace).Values);

    /// <summary>Calls back with each namespace in which somebody else changed a binding, until disposed.</summary>
    public IDisposable WhenChangedByOthers(Action<string> react) => _bindings.WhenChangedByOthers(key => react(key.Namespace));

    /// <summary>Every namespace that has bindings of ours.</summary>
    public IEnumerable<string> BoundNamespaces() => _bindings.Namespaces();

    /// <summary>False when it must be looked at again.</summary>
    private async Task<bool> ReconcileOnceAsync(string @namespace, AccessModel model, List<ActionResult> results, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        if (_settled.Contains(@namespace, model, now))
        {
            return true;
        }

        var mark = _settled.Mark(@namespace);
        var wanted = model.In(@namespace, now);
        if (_settled.Confirm(mark, model, now, wanted))
        {
            return true;
        }

        var plan = BindingPlanner.Plan(@namespace, wanted, _bindings.In(@namespace), model.IsSettled ? null : grant => model.Keeps(grant, now));
        foreach (var (key, body) in plan.InPlace)
        {
            _ledger.InPlace(ClusterKinds.RoleBinding, key, body);
        }

        var executor = new BindingExecutor(_client, _bindings, _ledger);
        var ended = await _runner.RunAsync("bindings", plan.Actions, executor, cancellationToken);
        results.AddRange(ended);
        var hasFailed = ended.Any(r => r is not ActionResult.Done);
        if (!hasFailed && !executor.SawOthers && model.IsSettled)
        {
            _settled.Add(mark, model, now, wanted);
        }

        return hasFailed || !executor.SawOthers;
    }
}
