using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Objects;
using Portcullis.Testing;
using Prometheus;

namespace Portcullis.Kubernetes.Tests.Controllers;

/// <summary>When a shared target is reconciled: at the start, on a disturbance, a changed input, at a time, after a failure, and on request.</summary>
internal sealed class TargetLoopTests : IAsyncDisposable
{
    private static readonly ObjectKey[] Three = [ObjectKey.Cluster("a"), ObjectKey.Cluster("b"), ObjectKey.Cluster("c")];

    private readonly ManualTimeProvider _time = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ScriptedTargets _targets = new();
    private readonly TargetLoop<ScriptedTargets> _loop;
    private Task _running = Task.CompletedTask;

    public TargetLoopTests() => _loop = new TargetLoop<ScriptedTargets>(
        _targets,
        new ParallelRequests(new KubernetesOptions()),
        _time,
        Metrics.WithCustomRegistry(Metrics.NewCustomRegistry()),
        NullLogger<ScriptedTargets>.Instance);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _loop.Dispose();
        _stop.Dispose();
    }

    [Test]
    public async Task Every_target_is_reconciled_once_at_the_start()
    {
        await StartAsync(Three);
        await Eventually.HoldsAsync(() => Three.All(t => _targets.Count(t) == 1));
    }

    [Test]
    public async Task A_disturbed_target_is_reconciled_alone()
    {
        await StartAsync(Three);
        await Eventually.HoldsAsync(() => Three.All(t => _targets.Count(t) == 1));
        _loop.Disturbed(Three[1]);
        await Eventually.HoldsAsync(() => _targets.Count(Three[1]) == 2);
        Assert.That((_targets.Count(Three[0]), _targets.Count(Three[2])), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task Many_changes_of_inputs_are_one_reconcile_of_every_target()
    {
        await StartAsync(Three);
        await Eventually.HoldsAsync(() => Three.All(t => _targets.Count(t) == 1));
        for (var i = 0; i < 10; i++)
        {
            _loop.InputsChanged();
        }

        await Eventually.HoldsAsync(_time, TimeSpan.FromMilliseconds(50), () => Three.All(t => _targets.Count(t) >= 2));
        Assert.That(Three.Select(_targets.Count), Is.All.EqualTo(2));
    }

    /// <summary>A round over thousands of targets each quarter of a second would leave no time for the work that changes the inputs.</summary>
    [Test]
    public async Task The_more_targets_there_are_the_longer_changes_of_inputs_are_gathered()
    {
        ObjectKey[] many = [.. Enumerable.Range(0, 5000).Select(i => ObjectKey.Cluster($"t{i}"))];
        await StartAsync(many);
        await Eventually.HoldsAsync(() => many.All(t => _targets.Count(t) == 1));
        _loop.InputsChanged();
        _time.Advance(TimeSpan.FromMilliseconds(900));
        _loop.Disturbed(many[0]);
        await Eventually.HoldsAsync(() => _targets.Count(many[0]) == 2);
        Assert.That(_targets.Count(many[1]), Is.EqualTo(1));
        _time.Advance(TimeSpan.FromMilliseconds(200));
        await Eventually.HoldsAsync(() => many.All(t => _targets.Count(t) >= 2));
    }

    [Test]
    public async Task A_target_that_changes_by_the_clock_is_reconciled_at_that_time_whoever_asked_before()
    {
        var change = _time.GetUtcNow() + TimeSpan.FromHours(1);
        _targets.Reconcile = (_, _) => Task.FromResult(new TargetResult([], _time.GetUtcNow() < change ? change : null));
        await StartAsync();
        await _loop.EnsureAsync(Three[0], 0, _stop.Token);
        _time.Advance(TimeSpan.FromMinutes(59));
        Assert.That(_targets.Count(Three[0]), Is.EqualTo(1));
        _time.Advance(TimeSpan.FromMinutes(1.1));
        await Eventually.HoldsAsync(() => _targets.Count(Three[0]) == 2);
    }

    [Test]
    public async Task A_failed_action_brings_the_target_back_and_is_reported_as_a_failure()
    {
        _targets.Reconcile = (target, attempt) => Task.FromResult(target == Three[0] && attempt < 3 ? Failed(target) : new TargetResult([]));
        await StartAsync(Three);
        await Eventually.HoldsAsync(_time, TimeSpan.FromMilliseconds(250), () => _targets.Count(Three[0]) == 3);
        await Eventually.HoldsAsync(() => _targets.Reports.Count == 5);
        Assert.That(_targets.Reports.Where(r => r.HasFailed).Select(r => r.Target), Is.EqualTo(new[] { Three[0], Three[0] }));
        Assert.That((_targets.Count(Three[1]), _targets.Count(Three[2])), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task What_a_reconcile_throws_is_retried_and_reported_like_a_failed_action()
    {
        _targets.Reconcile = (_, attempt) => attempt == 1 ? throw new InvalidOperationException("the registry sent no manifest") : Task.FromResult(new TargetResult([]));
        await StartAsync(Three[0]);
        await Eventually.HoldsAsync(_time, TimeSpan.FromMilliseconds(250), () => _targets.Count(Three[0]) == 2);
        await Eventually.HoldsAsync(() => _targets.Reports.Count == 2);
        Assert.That(_targets.Reports.Select(r => r.HasFailed), Is.EqualTo(new[] { true, false }));
    }

    [Test]
    public async Task A_changed_input_ends_the_back_off_of_a_failed_target_and_a_disturbance_does_not()
    {
        var refused = true;
        _targets.Reconcile = (target, _) => Task.FromResult(refused ? Failed(target) : new TargetResult([]));
        await StartAsync(Three[0]);
        await Eventually.HoldsAsync(_time, TimeSpan.FromSeconds(10), () => _targets.Count(Three[0]) == 8);
        await Eventually.HoldsAsync(() => _targets.Reports.Count == 8);
        refused = false;

        _loop.Disturbed(Three[0]);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_targets.Count(Three[0]), Is.EqualTo(8), "its own attempts may be what disturbed it");

        _loop.InputsChanged();
        _time.Advance(TimeSpan.FromMilliseconds(300));
        await Eventually.HoldsAsync(() => _targets.Count(Three[0]) == 9);
    }

    [Test]
    public async Task Two_callers_take_turns_at_a_target_and_do_not_wait_for_another()
    {
        var free = new TaskCompletionSource();
        _targets.Reconcile = async (target, attempt) =>
        {
            if (target == Three[0] && attempt == 1)
            {
                await free.Task;
            }

            return new TargetResult([]);
        };
        var (first, second) = (_loop.EnsureAsync(Three[0], 0, _stop.Token), _loop.EnsureAsync(Three[0], 0, _stop.Token));
        await _loop.EnsureAsync(Three[1], 0, _stop.Token);
        Assert.That((_targets.Count(Three[0]), second.IsCompleted), Is.EqualTo((1, false)));
        free.SetResult();
        await Task.WhenAll(first, second);
        Assert.That(_targets.Count(Three[0]), Is.EqualTo(2));
    }

    [Test]
    public async Task A_caller_that_gives_up_leaves_the_target_to_the_next()
    {
        var free = new TaskCompletionSource();
        _targets.Reconcile = async (_, attempt) =>
        {
            await (attempt == 1 ? free.Task : Task.CompletedTask);
            return new TargetResult([]);
        };
        using var impatient = new CancellationTokenSource();
        var (first, second, third) = (
            _loop.EnsureAsync(Three[0], 0, _stop.Token), _loop.EnsureAsync(Three[0], 0, impatient.Token), _loop.EnsureAsync(Three[0], 0, _stop.Token));
        await impatient.CancelAsync();
        Assert.That(async () => await second, Throws.InstanceOf<OperationCanceledException>());
        free.SetResult();
        await Task.WhenAll(first, third);
        Assert.That(_targets.Count(Three[0]), Is.EqualTo(2));
    }

    [Test]
    public async Task Of_several_targets_the_failure_of_one_stops_no_other_and_results_come_in_the_order_of_the_targets()
    {
        _targets.Reconcile = (target, _) => Task.FromResult(target == Three[1] ? Failed(target) : Done(target));
        var results = await _loop.EnsureAllAsync(Three, 0, _ => Task.CompletedTask, _stop.Token);
        Assert.That(results.Select(r => r.Action.Id), Is.EqualTo(new[] { "a", "b", "c" }));
        Assert.That(results[1], Is.InstanceOf<ActionResult.Failed>());
    }

    [Test]
    public async Task Of_several_targets_one_that_throws_stops_no_other_and_is_thrown_at_the_end()
    {
        _targets.Reconcile = (target, _) => target == Three[0] ? throw new InvalidOperationException("the registry sent no manifest") : Task.FromResult(Done(target));
        var ended = 0;
        Assert.That(
            async () => await _loop.EnsureAllAsync(Three, 0, count => Task.FromResult(ended = count), _stop.Token),
            Throws.InvalidOperationException.With.Message.EqualTo("the registry sent no manifest"));
        Assert.That((ended, _targets.Count(Three[1]), _targets.Count(Three[2])), Is.EqualTo((3, 1, 1)));
        await Task.CompletedTask;
    }

    private Task StartAsync(params ObjectKey[] targets)
    {
        _targets.All = targets;
        _running = _loop.RunAsync(_stop.Token);
        return _targets.Subscribed.Task;
    }

    private static TargetResult Done(ObjectKey target) => new([new ActionResult.Done(new Paint(target.Name))]);

    private static TargetResult Failed(ObjectKey target) =>
        new([new ActionResult.Failed(new Paint(target.Name), new Problem("Forbidden", "", "no paint for you"))]);

    private sealed record Paint(string Name) : PlannedAction
    {
        public override string Id => Name;

        public override string Describe() => $"paint {Name}";
    }

    /// <summary>The test decides what a reconcile does; it is given the target and which attempt at it this is.</summary>
    internal sealed class ScriptedTargets : ITargetReconciler
    {
        private readonly ConcurrentDictionary<ObjectKey, int> _counts = new();

        public Func<ObjectKey, int, Task<TargetResult>> Reconcile { get; set; } = (_, _) => Task.FromResult(new TargetResult([]));

        public IReadOnlyList<ObjectKey> All { get; set; } = [];

        public ConcurrentQueue<(ObjectKey Target, bool HasFailed)> Reports { get; } = new();

        public TaskCompletionSource Subscribed { get; } = new();

        public string Name => "test";

        public int Count(ObjectKey target) => _counts.GetValueOrDefault(target);

        public IEnumerable<ObjectKey> Targets() => All;

        public IEnumerable<IDisposable> Subscribe(ITargetQueue queue)
        {
            Subscribed.SetResult();
            return [];
        }

        public Task<TargetResult> ReconcileAsync(ObjectKey target, long since, CancellationToken cancellationToken) =>
            Reconcile(target, _counts.AddOrUpdate(target, 1, (_, count) => count + 1));

        public void Report(ObjectKey target, IReadOnlyList<ActionResult> results, bool hasFailed) => Reports.Enqueue((target, hasFailed));
    }
}
