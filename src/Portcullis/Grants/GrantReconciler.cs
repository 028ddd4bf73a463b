using System.Collections.Concurrent;
using System.Globalization;
using Portcullis.Core;
using Portcullis.Core.Grants;
using Portcullis.Kubernetes.Controllers;

namespace Portcullis.Grants;

/// <summary>
/// Puts one grant into force: the bindings of every namespace it reaches, or reached until now. What it then tells is read back from the
/// bindings, never from the wish.
/// </summary>
internal sealed class GrantReconciler(AccessState access, NamespaceBindings bindings, TimeProvider time)
    : IReconciler<Grant, GrantStatus>, IFinalizer<Grant>
{
    private const int Shown = 20;
    private const int ProgressEvery = 100;

    /// <summary>Loops spread their visits by a twentieth; close to the time this must not show. Bindings themselves change on the second.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<ObjectKey, IReadOnlyList<string>> _reached = new();
    private readonly ConcurrentDictionary<ObjectKey, string> _states = new();

    public async Task<Reconciled<GrantStatus>> ReconcileAsync(Grant resource, ReconcileContext context, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var model = access.Current;
        var resolution = model.Resolve(resource, now);
        var concerned = Concerned(resource, resolution.Namespaces);
        var reports = await bindings.EnsureAllAsync(
            concerned,
            done => done % ProgressEvery == 0
                ? context.ReportProgressAsync($"bindings are in place in {done} of {Counted.Of(concerned.Count, "namespace")}", cancellationToken)
                : Task.CompletedTask,
            cancellationToken);
        _reached[resource.Key] = resolution.Namespaces;
        var events = reports.SelectMany(r => r.Reverted).Select(BindingEvents.Of).ToList();
        if (resolution.Problem is { } problem)
        {
            return new Reconciled<GrantStatus>(new Outcome.Stalled(problem.Reason, $"{problem.Field}: {problem.Message}"), new GrantStatus()) { Events = events };
        }

        var status = new GrantStatus { Effective = Count(resolution, model) };
        var outcome = Judge(resolution, status.Effective, now);
        if (ByTheClock(resource, status.Effective, outcome) is { } turned)
        {
            events.Add(turned);
        }

        return new Reconciled<GrantStatus>(outcome, status) { Events = events };
    }

    /// <summary>That access began or ended is worth an Event, though nobody changed anything and the grant was Ready before and after.</summary>
    private ReportedEvent? ByTheClock(Grant resource, GrantEffect effect, Outcome outcome)
    {
        var before = _states.GetValueOrDefault(resource.Key) ?? resource.Status?.Effective?.State;
        if (outcome is not Outcome.Ready ready || before == effect.State)
        {
            return null;
        }

        _states[resource.Key] = effect.State;
        return before is null ? null : new ReportedEvent(Warning: false, effect.State == nameof(GrantState.Active) ? GrantReasons.Started : effect.State, ready.Message);
    }

    public async Task<Outcome.Waiting?> FinalizeAsync(Grant resource, CancellationToken cancellationToken)
    {
        // The model leaves grants out that are being deleted: making their namespaces right takes the access away.
        var resolution = access.Current.Resolve(resource, time.GetUtcNow());
        await bindings.EnsureAllAsync(Concerned(resource, resolution.Namespaces), _ => Task.CompletedTask, cancellationToken);
        _reached.TryRemove(resource.Key, out _);
        _states.TryRemove(resource.Key, out _);
        return null;
    }

    /// <summary>Where it reaches now and where it may have been bound before: no namespace is forgotten until all of them were made right.</summary>
    private SortedSet<string> Concerned(Grant resource, IReadOnlyList<string> namespaces)
    {
        var concerned = new SortedSet<string>(namespaces.Concat(_reached.GetValueOrDefault(resource.Key) ?? []), StringComparer.Ordinal);
        _reached[resource.Key] = [.. concerned];
        return concerned;
    }

    private GrantEffect Count(GrantResolution resolution, AccessModel model)
    {
        var role = resolution.Role!;
        IReadOnlyList<string> inForce = resolution.IsInForce && !role.IsEmpty && resolution.Subjects.Count > 0
            ? [.. resolution.Namespaces.Where(n => bindings.Give(resolution, n, model))]
            : [];
        return new GrantEffect
        {
            State = resolution.State.ToString(),
            ClusterRole = role.ClusterRoleName,
            Namespaces = inForce.Count,
            FirstNamespaces = inForce.Count == 0 ? null : [.. inForce.Take(Shown)],
            Subjects = resolution.Subjects.Count,
            FirstSubjects = resolution.Subjects.Count == 0 ? null : [.. resolution.Subjects.Take(Shown).Select(s => s.ToString())],
            NextChange = resolution.NextChange,
        };
    }

    private static Outcome Judge(GrantResolution resolution, GrantEffect effect, DateTimeOffset now)
    {
        var checkAgain = resolution.NextChange is { } next ? CheckAgain(next - now) : (TimeSpan?)null;
        if (resolution.State != GrantState.Active)
        {
            var words = resolution.State == GrantState.Pending
                ? $"in force from {Time(resolution.Grant.Spec.StartsAt!.Value)}"
                : $"expired at {Time(resolution.Grant.Spec.ExpiresAt!.Value)}";
            return new Outcome.Ready(words, checkAgain);
        }

        var until = resolution.Grant.Spec.ExpiresAt is { } end ? $" until {Time(end)}" : "";
        if (resolution.Role!.IsEmpty)
        {
            return new Outcome.Ready($"the role gives nothing in Kubernetes{until}", checkAgain);
        }

        if (resolution.Subjects.Count == 0)
        {
            return new Outcome.Ready($"nobody is in the {resolution.Grant.Spec.Subject.Kind} {resolution.Grant.Spec.Subject.Name}{until}", checkAgain);
        }

        var missing = resolution.Namespaces.Count - effect.Namespaces;
        return missing > 0
            ? new Outcome.Waiting(
                GrantReasons.BindingsNotInForce, $"not yet in force in {missing} of {Counted.Of(resolution.Namespaces.Count, "namespace")}", TimeSpan.FromSeconds(5))
            : new Outcome.Ready($"{Counted.Of(effect.Subjects, "subject")} in {Counted.Of(effect.Namespaces, "namespace")}{until}", checkAgain);
    }

    private static TimeSpan CheckAgain(TimeSpan left)
    {
        var some = left > Soon ? left * 0.9 : left + TimeSpan.FromMilliseconds(Math.Min(1000, left.TotalMilliseconds * 0.1));
        return some < TimeSpan.FromDays(1) ? some : TimeSpan.FromDays(1);
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
