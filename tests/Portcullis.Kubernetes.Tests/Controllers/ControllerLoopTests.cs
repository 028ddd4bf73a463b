using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Stores;
using Portcullis.Kubernetes.Tests.Scripted;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Testing;

namespace Portcullis.Kubernetes.Tests.Controllers;

internal sealed class ControllerLoopTests : IAsyncDisposable
{
    private readonly ControllerHarness _h = new();

    public ValueTask DisposeAsync() => _h.DisposeAsync();

    [Test]
    public async Task A_new_object_that_is_ready_at_once_is_reported_without_an_event()
    {
        _h.Put("a");
        await _h.StartAsync();
        await _h.SettlesAsync(() => _h.Ready("a") == "True");
        Assert.That(_h.EventsOn("a"), Is.Empty);
    }

    [Test]
    public async Task A_new_object_is_not_reported_as_waiting_for_what_comes_within_moments()
    {
        _h.Put("a", edit: w => w["metadata"]!["creationTimestamp"] = "2026-01-01T00:00:00Z");
        var waits = true;
        _h.Script.Reconcile = (w, _, _) => Task.FromResult(waits
            ? Script.Of(new Outcome.Waiting("DependencyNotReady", "waits for paint", TimeSpan.FromMinutes(1)) { ReportAfter = TimeSpan.FromSeconds(3) })
            : Script.Painted(w));
        await _h.StartAsync();
        await _h.SettlesAsync(() => _h.Script.Reconciles == 1);
        Assert.That(_h.StatusWrites("a"), Is.Zero);
        await Eventually.HoldsAsync(_h.Time, TimeSpan.FromMilliseconds(500), () => _h.Ready("a") == "False");
        Assert.That(_h.Time.GetUtcNow() - Start, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(2.8)));
        waits = false;
        Trigger("a");
        await _h.SettlesAsync(() => _h.Ready("a") == "True");
    }

    [Test]
    public async Task Ready_after_a_failure_is_reported_with_generation_reason_and_one_event()
    {
        _h.Put("a");
        _h.Script.Reconcile = (w, _, _) => Task.FromResult(_h.Script.Reconciles == 1 ? Script.Of(new Outcome.Stalled("NoPaint", "no paint is left")) : Script.Painted(w));
        await _h.StartAsync();
        await _h.SettlesAsync(() => _h.Ready("a") == "False");
        _h.Time.Advance(TimeSpan.FromSeconds(1));
        Trigger("a");
        await _h.SettlesAsync(() => _h.Ready("a") == "True" && _h.EventsOn("a").Count == 2);
        var status = _h.Get("a").Object("status")!;
        Assert.That(status["observedGeneration"]!.GetValue<long>(), Is.EqualTo(1));
        Assert.That(status.String("painted"), Is.EqualTo("green"));
        Assert.That(_h.Condition("a", "Ready").String("message"), Is.EqualTo("Painted green"));
        Assert.That(_h.Condition("a", "Ready").String("lastTransitionTime"), Is.EqualTo("2026-01-01T00:00:01Z"));
        var recorded = _h.EventsOn("a").Single(e => e.String("message") == "Painted green");
        Assert.That(recorded.String("type"), Is.EqualTo("Normal"));
        Assert.That(recorded.Object("metadata").String("namespace"), Is.EqualTo("default"), "as Kubernetes does for cluster-scoped objects");
        Assert.That(recorded.Object("involvedObject").String("uid"), Is.EqualTo(_h.Get("a").Object("metadata").String("uid")));
        Assert.That(ConditionCheck.Violations(_h.Get("a")), Is.Empty);
    }

    [Test]
    public async Task Its_own_status_write_causes_no_reconcile_and_an_unchanged_status_no_write()
    {
        _h.Put("a");
        await _h.StartAsync();
        await _h.SettlesAsync(() => _h.Ready("a") == "True");
        Trigger("a");
        await _h.SettlesAsync(() => _h.Script.Reconciles == 2);
        Trigger("a");
        await _h.SettlesAsync(() => _h.Script.Reconciles == 3);
        Assert.That(_h.StatusWrites("a"), Is.EqualTo(1));
    }

    [Test]
    public async Task An_edit_is_reconciled_and_the_new_generation_reported()
    {
        _h.Put("a");
        await _h.StartAsync();
        await _h.SettlesAsync(() => _h.Ready("a") == "True");
        _h.Put("a", "red");
        await _h.SettlesAsync(() => _h.Get("a").Object("status").String("painted") == "red");
        Assert.That(_h.Get("a")["status"]!["observedGeneration"]!.GetValue<long>(), Is.EqualTo(2));
        Assert.That(ConditionCheck.Violations(_h.Get("a")), Is.Empty);
    }

    [Test]
    public async Task Waiting_is_no_failure_and_is_reconciled_again_in_time()
    {
        _h.Put("a");
        _h.Script.Reconcile = (w, _, _) => Task.FromResult(
            _h.Script.Reconciles == 1 ? Script.Of(new Outcome.Waiting("DependencyNotReady", "waits for paint", TimeSpan.FromSeconds(30))) : Script.Painted(w));
        await _h.StartAsync();
        await _h.SettlesAsync(() => _h.Ready("a") == "False");
        Assert.That(_h.Condition("a", "Reconciling").String("status"), Is.EqualTo("True"));
        Assert.That(_h.Get("a").Object("status")!.ContainsKey("observedGeneration"), Is.False, "the generation has not been reached");
        Assert.That(ConditionCheck.Violations(_h.Get("a")), Is.Empty);
        await Eventually.HoldsAsync(_h.Time, TimeSpan.FromSeconds(5), () => _h.Ready("a") == "True");
        Assert.That(_h.Condition("a", "Reconciling"), Is.Null);
        Assert.That(_h.Time.GetUtcNow() - Start, Is.GreaterThan(TimeSpan.FromSeconds(28)));
    }

    [TestCase(false, "Normal")]
    [TestCase(true, "Warning")]
    public async Task Waiting_for_what_was_refused_or_is_away_is_a_Warning(bool isWarning, string type)
    {
        _h.Put("a");
        _h.Script.Reconcile = (_, _, _) => Task.FromResult(Script.Of(new Outcome.Waiting("Forbidden", "may not paint", TimeSpan.FromHours(1)) { IsWarning = isWarning }));
        await _h.StartAsync();
        await _h.SettlesAsync(() => _h.EventsOn("a").Count == 1);
        Assert.That(_h.EventsOn("a")[0].String("type"), Is.EqualTo(type));
    }

    [Test]
    public async Task Stalled_waits_for_a_change_and_warns_once()
    {
        _h.Put("a");
        _h.Script.Reconcile = (w, _, _) => Task.FromResult(
            w.Spec.Colour == "green" ? Script.Of(new Outcome.Stalled("InvalidColour", "green is out")) : Script.Painted(w));
        await _h.StartAsync();
        await _h.SettlesAsync(() => _h.Condition("a", "Stalled").String("status") == "True" && _h.EventsOn("a").Count == 1);
        Assert.That(_h.Get("a")["status"]!["observedGeneration"]!.GetValue<long>(), Is.EqualTo(1));
        Assert.That(_h.EventsOn("a")[0].String("type"), Is.EqualTo("Warning"));
        Assert.That(ConditionCheck.Violations(_h.Get("a")), Is.Empty);
        _h.Time.Advance(TimeSpan.FromHours(10));
        _h.Put("a", "red");
        await _h.SettlesAsync(() => _h.Ready("a") == "True");
        Assert.That(_h.Script.Reconciles, Is.EqualTo(2));
        Assert.That(_h.Condition("a", "Stalled"), Is.Null);
    }

    [Test]
    public async Task An_exception_is_told_without_secrets_and_retried_until_it_succeeds()
    {
        _h.Put("a");
        _h.Script.Reconcile = (w, _, _) => _h.Script.Reconciles <= 3
            ? throw new InvalidOperationException("cannot fetch https://ann:hunter2@git.example/x?token=abc with Bearer eyJhbGciOiJIUzI1")
            : Task.FromResult(Script.Painted(w));
        await _h.StartAsync();
        await _h.SettlesAsync(() => _h.Ready("a") == "False" && _h.EventsOn("a").Count == 1);
        var message = _h.Condition("a", "Ready").String("message")!;
        Assert.That(message, Is.EqualTo("cannot fetch https://***@git.example/x?token=*** with Bearer ***"));
        Assert.That(_h.EventsOn("a")[0].String("message"), Is.EqualTo(message));
        Assert.That(_h.Condition("a", "Reconciling").String("reason"), Is.EqualTo("ProgressingWithRetry"));
        Assert.That(ConditionCheck.Violations(_h.Get("a")), Is.Empty);
        await Eventually.HoldsAsync(_h.Time, TimeSpan.FromMilliseconds(200), () => _h.Ready("a") == "True");
        Assert.That(_h.StatusWrites("a"), Is.EqualTo(2), "the same failure is written once");
    }

    [Test]
    public async Task A_conflict_is_tried_again_soon_and_is_no_failure()
    {
        _h.Put("a");
        _h.Script.Reconcile = (w, _, _) => _h.Script.Reconciles <= 3
            ? throw new KubernetesApiException(HttpStatusCode.Conflict, "Conflict", "the object has been modified")
            : Task.FromResult(Script.Painted(w));
        await _h.StartAsync();
        await Eventually.HoldsAsync(_h.Time, TimeSpan.FromMilliseconds(20), () => _h.Ready("a") == "True");
        Assert.That(_h.Time.GetUtcNow() - Start, Is.LessThan(TimeSpan.FromSeconds(10)));
        Assert.That(_h.StatusWrites("a"), Is.EqualTo(1));
        Assert.That(_h.EventsOn("a").Select(e => e.String("type")), Has.None.EqualTo("Warning"));
    }

    [Test]
    public async Task A_reconcile_that_takes_too_long_is_cancelled_and_reported()
    {
        _h.Put("a");
        _h.Script.Reconcile = async (_, _, token) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            throw new InvalidOperationException();
        };
        await _h.StartAsync(c => c.Timeout = TimeSpan.FromMinutes(1));
        await _h.SettlesAsync(() => _h.Script.Reconciles == 1);
        await Eventually.HoldsAsync(_h.Time, TimeSpan.FromSeconds(10), () => _h.Condition("a", "Ready").String("reason") == "TimedOut");
    }

    [Test]
    public async Task Suspended_objects_are_left_alone_and_say_so()
    {
        _h.Put("a", edit: w => w["spec"]!["suspend"] = true);
        await _h.StartAsync();
        await _h.SettlesAsync(() => _h.Condition("a", "Ready").String("reason") == "Suspended");
        Assert.That(_h.Ready("a"), Is.EqualTo("Unknown"));
        Assert.That(_h.Script.Reconciles, Is.Zero);
        Assert.That(ConditionCheck.Violations(_h.Get("a")), Is.Empty);
        Assert.That(await _h.MetricsAsync(), Does.Contain("""portcullis_suspend_status{kind="Widget",name="a",namespace=""} 1"""));
        _h.Put("a");
        await _h.SettlesAsync(() => _h.Ready("a") == "True");
    }

    [Test]
    public async Task A_new_request_annotation_is_handed_on_and_remembered()
    {
        _h.Put("a");
        var requests = new List<string?>();
        _h.Script.Reconcile = (w, context, _) =>
        {
            requests.Add(context.Requested);
            return Task.FromResult(Script.Painted(w));
        };
        await _h.StartAsync();
        await _h.SettlesAsync(() => _h.Ready("a") == "True");
        _h.Api.Edit(Widget.Definition, "a", w => w["metadata"]!["annotations"] = new JsonObject { ["reconcile.fluxcd.io/requestedAt"] = "2026-01-02" });
        await _h.SettlesAsync(() => _h.Get("a").Object("status").String("lastHandledReconcileAt") == "2026-01-02");
        Trigger("a");
        await _h.SettlesAsync(() => requests.Count == 3);
        Assert.That(requests, Is.EqualTo(new[] { null, "2026-01-02", null }));
    }

    [Test]
    public async Task A_label_edit_is_reconciled()
    {
        _h.Put("a");
        await _h.StartAsync();
        await _h.SettlesAsync(() => _h.Ready("a") == "True");
        _h.Api.Edit(Widget.Definition, "a", w => w["metadata"]!["labels"] = new JsonObject { ["x"] = "y" });
        await _h.SettlesAsync(() => _h.Script.Reconciles == 2);
    }

    [Test]
    public async Task A_status_that_cannot_be_written_is_written_later()
    {
        _h.Put("a");
        var refused = 0;
        _h.Api.Script = request => request.Method == HttpMethod.Patch && refused++ < 2
            ? ScriptedApi.Status(HttpStatusCode.InternalServerError, "InternalError", "etcd is away") : null;
        await _h.StartAsync();
        await Eventually.HoldsAsync(_h.Time, TimeSpan.FromMilliseconds(100), () => _h.Ready("a") == "True");
        Assert.That(refused, Is.GreaterThan(2));
    }

    [Test]
    public async Task A_long_reconcile_reports_that_it_is_under_way_and_how_far()
    {
        _h.Put("a");
        var go = new TaskCompletionSource();
        _h.Script.Reconcile = async (w, context, token) =>
        {
            await go.Task.WaitAsync(token);
            await context.ReportProgressAsync("3 of 5 painted", token);
            return Script.Painted(w);
        };
        await _h.StartAsync();
        await _h.SettlesAsync(() => _h.Script.Reconciles == 1);
        await Eventually.HoldsAsync(_h.Time, TimeSpan.FromSeconds(1), () => _h.Condition("a", "Reconciling").String("message") == "Reconciliation is in progress.");
        _h.Time.Advance(TimeSpan.FromSeconds(2));
        go.SetResult();
        await _h.SettlesAsync(() => _h.Ready("a") == "True");
        Assert.That(_h.StatusWrites("a"), Is.EqualTo(3));
        Assert.That(ConditionCheck.Violations(_h.Get("a")), Is.Empty);
    }

    [Test]
    public async Task A_reconcile_that_reported_progress_ends_ready_even_when_it_ends_as_it_began()
    {
        _h.Put("a");
        await _h.StartAsync();
        await _h.SettlesAsync(() => _h.Ready("a") == "True");

        var store = _h.Services.GetRequiredService<IStore<Widget>>();
        _h.Script.Reconcile = async (w, context, token) =>
        {
            await context.ReportProgressAsync("1 of 5 painted", token);
            await Eventually.HoldsAsync(() => store.Get(w.Key)!.Status!.Conditions!.Any(c => c.Type == "Reconciling"));
            return Script.Painted(w);
        };
        _h.Services.GetRequiredService<ReconcileTrigger<Widget>>().Enqueue(ObjectKey.Cluster("a"));
        await _h.SettlesAsync(() => _h.Script.Reconciles == 2 && _h.Ready("a") == "True" && _h.Condition("a", "Reconciling") is null);
    }

    [Test]
    public async Task Failing_objects_do_not_delay_healthy_ones()
    {
        for (var i = 0; i < 20; i++)
        {
            _h.Put($"bad{i:00}", "bad");
        }

        var hang = new TaskCompletionSource();
        _h.Script.Reconcile = async (w, _, token) =>
        {
            if (w.Spec.Colour == "bad")
            {
                // The first attempt fails at once, later ones hang until the test ends.
                if (w.Status is not null)
                {
                    await hang.Task.WaitAsync(token);
                }

                throw new InvalidOperationException("no such colour");
            }

            return Script.Painted(w);
        };
        await _h.StartAsync();
        await _h.SettlesAsync(() => Enumerable.Range(0, 20).All(i => _h.Ready($"bad{i:00}") == "False"));
        _h.Time.Advance(TimeSpan.FromSeconds(2));
        _h.Put("good");
        await _h.SettlesAsync(() => _h.Ready("good") == "True");
        hang.SetResult();
    }

    [Test]
    public async Task Series_of_an_object_go_with_it()
    {
        _h.Put("a");
        await _h.StartAsync();
        await _h.SettlesAsync(() => _h.Ready("a") == "True");
        await Eventually.HoldsAsync(async () => (await _h.MetricsAsync()).Contains("""portcullis_reconcile_condition{kind="Widget",name="a",namespace="",status="True",type="Ready"} 1""", StringComparison.Ordinal));
        Assert.That(await _h.MetricsAsync(), Does.Contain("""portcullis_reconcile_duration_seconds_count{kind="Widget",name="a",namespace=""} 1"""));
        _h.Api.Remove(Widget.Definition, "a");
        await Eventually.HoldsAsync(async () => !(await _h.MetricsAsync()).Contains("name=\"a\"", StringComparison.Ordinal));
    }

    private static DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private void Trigger(string name) => _h.Services.GetRequiredService<ReconcileTrigger<Widget>>().Enqueue(ObjectKey.Cluster(name));
}
