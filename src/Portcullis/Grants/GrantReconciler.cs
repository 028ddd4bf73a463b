using System.Collections.Concurrent;
using Portcullis.Access;
using Portcullis.Core;
using Portcullis.Core.Access;
using Portcullis.Core.Grants;
using Portcullis.Kubernetes.Controllers;

namespace Portcullis.Grants;

/// <summary>
/// Puts one grant into force: the bindings of every namespace it reaches, or reached until now. What it then tells is read back from the
/// bindings, never from the wish.
/// </summary>
internal sealed class GrantReconciler(AccessState access, TargetLoop<BindingTargets> loop, NamespaceBindings bindings, TimeProvider time)
    : IReconciler<Grant, GrantStatus>, IFinalizer<Grant>
{
    private const int ProgressEvery = 100;

    private readonly ConcurrentDictionary<ObjectKey, IReadOnlyList<string>> _reached = new();
    private readonly ConcurrentDictionary<ObjectKey, string> _states = new();

    public async Task<Reconciled<GrantStatus>> ReconcileAsync(Grant resource, ReconcileContext context, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var model = access.AsOf(context.Since);
        var resolution = model.Resolve(resource.ToAccess(), now);
        var concerned = Concerned(resource, resolution.Namespaces);
        var results = await loop.EnsureAllAsync(
            concerned,
            context.Since,
            done => done % ProgressEvery == 0
                ? context.ReportProgressAsync($"bindings are in place in {done} of {Pluralize.Of(concerned.Count, "namespace")}", cancellationToken)
                : Task.CompletedTask,
            cancellationToken);
        if (!results.Any(r => r is ActionResult.Failed))
        {
            _reached[resource.Key] = resolution.Namespaces;
        }

        var reconciled = GrantJudge.Judge(ReadBack(resource, resolution, model), results, now);
        if (reconciled is { Outcome: Outcome.Ready, Status.Effective: { } effect })
        {
            _states[resource.Key] = effect.State;
        }

        return reconciled;
    }

    public async Task<Outcome?> FinalizeAsync(Grant resource, ReconcileContext context, CancellationToken cancellationToken)
    {
        // The model leaves grants out that are being deleted: making their namespaces right takes the access away.
        var resolution = access.AsOf(context.Since).Resolve(resource.ToAccess(), time.GetUtcNow());
        var results = await loop.EnsureAllAsync(Concerned(resource, resolution.Namespaces), context.Since, _ => Task.CompletedTask, cancellationToken);
        if (GrantJudge.JudgeLeaving(resolution.Grant, results) is { } kept)
        {
            return kept;
        }

        _reached.TryRemove(resource.Key, out _);
        _states.TryRemove(resource.Key, out _);
        return null;
    }

    /// <summary>Where it reaches now and where it may have been bound before: no namespace is forgotten until all of them were made right.</summary>
    private List<ObjectKey> Concerned(Grant resource, IReadOnlyList<string> namespaces)
    {
        var concerned = new SortedSet<string>(namespaces.Concat(_reached.GetValueOrDefault(resource.Key) ?? []), StringComparer.Ordinal);
        _reached[resource.Key] = [.. concerned];
        return [.. concerned.Select(BindingTargets.TargetOf)];
    }

    private GrantReadBack ReadBack(Grant resource, GrantResolution resolution, AccessModel model) => new(resolution)
    {
        InForce = resolution is { IsInForce: true, Role.IsEmpty: false, Subjects.Count: > 0 }
            ? [.. resolution.Namespaces.Where(n => bindings.Give(resolution, n, model))]
            : [],
        RoleProblem = resolution.Role is { } role ? bindings.ProblemOf(role) : null,
        StateBefore = _states.GetValueOrDefault(resource.Key) ?? resource.Status?.Effective?.State,
    };
}
