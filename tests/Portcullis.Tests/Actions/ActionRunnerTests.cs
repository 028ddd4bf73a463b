using System.Collections.Concurrent;
using Portcullis.Actions;
using Portcullis.Audit;
using Portcullis.Kubernetes;
using Portcullis.Kubernetes.Client;
using Portcullis.Testing;

namespace Portcullis.Tests.Actions;

internal sealed class ActionRunnerTests
{
    private RecordingAudit _audit = new();

    [SetUp]
    public void Begin() => _audit = new RecordingAudit();

    [Test]
    public async Task Every_action_has_its_result_in_the_plans_order_and_each_is_in_the_audit()
    {
        var results = await RunAsync([Step("make"), Step("fill") with { After = ["make"] }, Step("other")], (action, _) =>
            action.Id == "make" ? throw new HttpRequestException("nobody there") : Task.CompletedTask);
        Assert.Multiple(() =>
        {
            Assert.That(results.Select(r => $"{r.Action.Id} {r.GetType().Name}"), Is.EqualTo(["make Failed", "fill Skipped", "other Done"]));
            Assert.That(((ActionResult.Failed)results[0]).IsAway);
            Assert.That(((ActionResult.Failed)results[0]).Problem, Is.EqualTo(new Problem("Unreachable", "", "nobody there")));
            Assert.That(_audit.Records.Select(r => r.Result), Is.EquivalentTo(results));
        });
    }

    [Test]
    public async Task A_write_conflict_is_tried_again_and_in_the_end_reported()
    {
        var tries = new ConcurrentDictionary<string, int>();
        var results = await RunAsync([Step("twice"), Step("always")], (action, _) =>
            tries.AddOrUpdate(action.Id, 1, (_, n) => n + 1) <= (action.Id == "twice" ? 1 : int.MaxValue)
                ? throw new KubernetesApiException(System.Net.HttpStatusCode.Conflict, "Conflict", "somebody wrote")
                : Task.CompletedTask);
        Assert.That(results.Select(r => r.GetType().Name), Is.EqualTo(["Done", "Failed"]));
        Assert.That(tries["twice"], Is.EqualTo(2));
    }

    [Test]
    public async Task An_action_that_depends_on_no_other_does_not_wait_for_it()
    {
        var slow = new TaskCompletionSource();
        var results = await RunAsync([Step("slow"), Step("quick")], (action, token) =>
        {
            if (action.Id == "quick")
            {
                slow.SetResult();
                return Task.CompletedTask;
            }

            return slow.Task.WaitAsync(TimeSpan.FromSeconds(20), token);
        });
        Assert.That(results, Is.All.InstanceOf<ActionResult.Done>());
    }

    [Test]
    public void A_run_that_is_cancelled_ends_as_such_and_not_as_failures()
    {
        using var stop = new CancellationTokenSource();
        Assert.That(
            async () => await RunAsync(
                [Step("one")],
                async (_, token) =>
                {
                    await stop.CancelAsync();
                    token.ThrowIfCancellationRequested();
                },
                stop.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task A_server_that_is_away_is_not_asked_for_every_action_of_a_large_plan()
    {
        var tried = 0;
        var results = await RunAsync([.. Enumerable.Range(0, 1000).Select(i => Step($"{i}"))], (_, _) =>
        {
            Interlocked.Increment(ref tried);
            throw new HttpRequestException("nobody there");
        });
        Assert.That(tried, Is.InRange(40, 200));
        Assert.That(results, Has.Count.EqualTo(1000));
        Assert.That(results.Count(r => r is ActionResult.Skipped), Is.EqualTo(1000 - tried));
    }

    [Test]
    public async Task No_secret_of_an_error_reaches_a_result()
    {
        var results = await RunAsync([Step("one")], (_, _) => throw new InvalidOperationException("https://ann:hunter2@git.example.com is away"));
        Assert.That(((ActionResult.Failed)results[0]).Problem.Message, Does.Not.Contain("hunter2"));
    }

    [Test]
    public async Task What_is_put_back_again_and_again_is_left_alone_for_the_rest_of_the_minute_and_says_who_is_on_the_other_side()
    {
        var time = new ManualTimeProvider();
        var runner = new ActionRunner(new ParallelRequests(new KubernetesOptions()), _audit, new KubernetesOptions(), time);
        var written = 0;
        var executor = new Executor((_, _) => Task.FromResult(++written)) { Reverts = new Attribution.FieldManager("other-controller", time.GetUtcNow()) };
        async Task<ActionResult> PutBackAsync(string id) => (await runner.RunAsync("test", [Step(id)], executor, default))[0];
        for (var i = 0; i < 5; i++)
        {
            Assert.That(await PutBackAsync("contested"), Is.InstanceOf<ActionResult.Done>());
            time.Advance(TimeSpan.FromSeconds(1));
        }

        var failed = (ActionResult.Failed)await PutBackAsync("contested");
        Assert.That(failed.Problem.Reason, Is.EqualTo("Contested"));
        Assert.That(failed.Problem.Message, Does.StartWith("contested was changed 5 times within a minute, the last time by field manager other-controller at "));
        Assert.That((written, failed.RetryAfter), Is.EqualTo((5, TimeSpan.FromSeconds(55))));
        Assert.That(await PutBackAsync("another"), Is.InstanceOf<ActionResult.Done>(), "it concerns that object alone");

        time.Advance(TimeSpan.FromSeconds(55));
        Assert.That(await PutBackAsync("contested"), Is.InstanceOf<ActionResult.Done>());
        executor.Reverts = null;
        for (var i = 0; i < 10; i++)
        {
            Assert.That(await PutBackAsync("declared"), Is.InstanceOf<ActionResult.Done>(), "a change of what is declared is no contest");
        }

        for (var i = 0; i < 10; i++)
        {
            executor.Reverts = Attribution.Nobody;
            Assert.That(await PutBackAsync("edited"), Is.InstanceOf<ActionResult.Done>());
            executor.Reverts = null;
            Assert.That(await PutBackAsync("edited"), Is.InstanceOf<ActionResult.Done>(), "another content is declared");
        }
    }

    [Test]
    public async Task A_fight_over_one_part_of_a_thing_does_not_hold_up_another_part()
    {
        var time = new ManualTimeProvider();
        var runner = new ActionRunner(new ParallelRequests(new KubernetesOptions()), _audit, new KubernetesOptions(), time);
        var executor = new Executor((_, _) => Task.CompletedTask) { Reverts = Attribution.Nobody };
        async Task<ActionResult> PutBackAsync(params string[] parts) => (await runner.RunAsync("test", [Step("file") with { Parts = parts }], executor, default))[0];
        for (var i = 0; i < 5; i++)
        {
            Assert.That(await PutBackAsync("one"), Is.InstanceOf<ActionResult.Done>());
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(await PutBackAsync("one"), Is.InstanceOf<ActionResult.Failed>());
        for (var i = 0; i < 5; i++)
        {
            Assert.That(await PutBackAsync("one", "two"), Is.InstanceOf<ActionResult.Done>());
            time.Advance(TimeSpan.FromSeconds(1));
        }

        var failed = (ActionResult.Failed)await PutBackAsync("one", "two");
        Assert.That(failed.Problem.Message, Does.StartWith("one, two was changed 5 times within a minute"));
        Assert.That(failed.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(55)), "until the first of them may be put back");

        executor.Reverts = null;
        Assert.That(await PutBackAsync("one"), Is.InstanceOf<ActionResult.Done>(), "something else is declared");
        executor.Reverts = Attribution.Nobody;
        Assert.That(await PutBackAsync("one"), Is.InstanceOf<ActionResult.Done>());
    }

    private static Example Step(string id) => new(id);

    private Task<IReadOnlyList<ActionResult>> RunAsync(
        IReadOnlyCollection<Example> actions, Func<Example, CancellationToken, Task> execute, CancellationToken cancellationToken = default)
    {
        var options = new KubernetesOptions();
        return new ActionRunner(new ParallelRequests(options), _audit, options, TimeProvider.System)
            .RunAsync("test", actions, new Executor(execute), cancellationToken);
    }

    private sealed record Example(string Name) : PlannedAction
    {
        public IReadOnlyList<string>? Parts { get; init; }

        public override string Id => Name;

        public override IReadOnlyList<string> PutsBack => Parts ?? base.PutsBack;

        public override string Describe() => Name;
    }

    private sealed class Executor(Func<Example, CancellationToken, Task> execute) : IActionExecutor<Example>
    {
        public Attribution? Reverts { get; set; }

        public Task<Attribution?> AttributeAsync(Example action, CancellationToken cancellationToken) => Task.FromResult(Reverts);

        public Task ExecuteAsync(Example action, CancellationToken cancellationToken) => execute(action, cancellationToken);
    }

    private sealed class RecordingAudit : IAuditSink
    {
        public ConcurrentBag<AuditRecord> Records { get; } = [];

        public void Write(AuditRecord record) => Records.Add(record);
    }
}
