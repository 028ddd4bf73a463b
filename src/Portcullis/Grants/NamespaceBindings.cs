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
    public const string Selector = WellKnown.Labels.ManagedBy + "=" + WellKnown.Labels.ManagedByValue;
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
        _bindings = new ReadYourWritesStore(stores.Of(ClusterKinds.RoleBinding, Selector), time, NamespaceIndex);
        _bindings.WhenChangedByOthers(key => _settled.Doubt(key.Namespace));
    }

    /// <summary>Plans and acts until a look shows nothing but our own writes. What failed is left to the next time.</summary>
    public async Task<TargetResult> EnsureAsync(string @namespace, CancellationToken cancellationToken)
    {
        // Before looking: a grant may end while its bindings are looked at, and nobody would come back for it.
        var begun = _time.GetUtcNow();
        var results = new List<ActionResult>();
        while (!await ReconcileOnceAsync(@namespace, results, cancellationToken))
        {
            // Something else than our own writes was seen meanwhile.
        }

        return new TargetResult(results, _access.Current.NextChangeIn(@namespace, begun));
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
    private async Task<bool> ReconcileOnceAsync(string @namespace, List<ActionResult> results, CancellationToken cancellationToken)
    {
        var (model, now) = (_access.Current, _time.GetUtcNow());
        if (_settled.Contains(@namespace, model, now))
        {
            return true;
        }

        var look = _settled.Look(@namespace);
        var plan = BindingPlanner.Plan(@namespace, model.In(@namespace, now), _bindings.In(@namespace));
        foreach (var (key, body) in plan.InPlace)
        {
            _ledger.InPlace(ClusterKinds.RoleBinding, key, body);
        }

        var executor = new BindingExecutor(_client, _bindings, _ledger);
        var ended = await _runner.RunAsync("bindings", plan.Actions, executor, cancellationToken);
        results.AddRange(ended);
        var hasFailed = ended.Any(r => r is not ActionResult.Done);
        if (!hasFailed && !executor.SawOthers)
        {
            _settled.Add(look, model, now);
        }

        return hasFailed || !executor.SawOthers;
    }
}
