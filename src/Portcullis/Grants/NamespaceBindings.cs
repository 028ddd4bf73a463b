using Portcullis.Access;
using Portcullis.Actions;
using Portcullis.Core;
using Portcullis.Core.Access;
using Portcullis.Core.Grants;
using Portcullis.Core.Roles;
using Portcullis.Drift;
using Portcullis.Kept;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Grants;

/// <summary>
/// Makes the RoleBindings of one namespace say what all grants together want. Callers take turns at a namespace (the target loop sees to it).
/// </summary>
internal sealed class NamespaceBindings
{
    public const string NamespaceIndex = "namespace";

    private readonly KeptObjects _kept;
    private readonly AccessState _access;
    private readonly DriftLedger _ledger;
    private readonly ActionRunner _runner;
    private readonly TimeProvider _time;
    private readonly ReadYourWritesStore _bindings;
    private readonly SettledNamespaces _settled = new();

    public NamespaceBindings(KeptObjects kept, UntypedStores stores, AccessState access, DriftLedger ledger, ActionRunner runner, TimeProvider time)
    {
        _kept = kept;
        _access = access;
        _ledger = ledger;
        _runner = runner;
        _time = time;
        _bindings = new ReadYourWritesStore(stores.Of(ClusterKinds.RoleBinding, WellKnown.Labels.ManagedSelector), time, NamespaceIndex);
        _bindings.WhenChangedByOthers(key => _settled.Doubt(key.Namespace));
        kept.Foreign.WhenChanged(ClusterKinds.ClusterRole, _ => _settled.DoubtAll());
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

    /// <summary>Why the ClusterRole of a role gives nobody anything: it is another's. Null when it is ours.</summary>
    public Problem? ProblemOf(ResolvedRole role) => _kept.Foreign.Find(ClusterKinds.ClusterRole, ObjectKey.Cluster(role.ClusterRoleName));

    /// <summary>Calls back with the ClusterRole of each role that turns out to be another's, or is ours now, until disposed.</summary>
    public IDisposable WhenForeign(Action<string> react) => _kept.Foreign.WhenChanged(ClusterKinds.ClusterRole, key => react(key.Name));

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

        // What another's ClusterRole gives, no grant declares.
        var wanted = model.In(@namespace, now).Where(r => ProblemOf(r.Role) is null).ToList();
        if (_settled.Confirm(mark, model, now, wanted))
        {
            return true;
        }

        var adopts = model.Tree.OfNamespace(@namespace)?.Adopts(@namespace) == true;
        var plan = BindingPlanner.Plan(@namespace, wanted, _bindings.In(@namespace), adopts, model.IsSettled ? null : grant => model.Keeps(grant, now));
        foreach (var (key, body) in plan.InPlace)
        {
            _ledger.InPlace(ClusterKinds.RoleBinding, key, body);
        }

        var executor = new BindingExecutor(_kept.Writer, _bindings, _ledger);
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
