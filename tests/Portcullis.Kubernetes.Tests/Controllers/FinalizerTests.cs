using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Stores;
using Portcullis.Kubernetes.Tests.Scripted;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Testing;

namespace Portcullis.Kubernetes.Tests.Controllers;

internal sealed class FinalizerTests : IAsyncDisposable
{
    private const string Ours = "finalizers.portcullis.dev";

    private readonly ControllerHarness _h = new();

    public ValueTask DisposeAsync() => _h.DisposeAsync();

    [Test]
    public async Task The_finalizer_is_there_before_the_first_side_effect_and_the_same_reconcile_goes_on()
    {
        _h.Put("a", edit: w => w["metadata"]!["finalizers"] = new JsonArray("other.dev/keep"));
        var seen = new List<string>();
        _h.Script.Reconcile = (w, _, _) =>
        {
            seen.AddRange(Finalizers("a"));
            return Task.FromResult(Script.Painted(w));
        };
        await _h.StartAsync(finalizes: true);
        await _h.SettlesAsync(() => _h.Ready("a") == "True");
        Assert.That(seen, Is.EqualTo(new[] { "other.dev/keep", Ours }));
        Assert.That(_h.Script.Reconciles, Is.EqualTo(1));
    }

    [Test]
    public async Task Deletion_undoes_first_and_lets_the_object_go_then()
    {
        _h.Put("a");
        var undone = 0;
        _h.Script.Finalize = _ => ++undone < 2 ? new Outcome.Waiting("Draining", "1 node still drains", TimeSpan.FromSeconds(10)) : null;
        await _h.StartAsync(finalizes: true);
        await _h.SettlesAsync(() => _h.Ready("a") == "True");
        await _h.Api.Client().DeleteAsync(Widget.Definition, ObjectKey.Cluster("a"), new DeleteOptions(), CancellationToken.None);
        await _h.SettlesAsync(() => _h.Condition("a", "Ready").String("reason") == "Draining");
        await Eventually.HoldsAsync(_h.Time, TimeSpan.FromSeconds(2), () => _h.Api.Find(Widget.Definition, "a") is null);
        Assert.That(undone, Is.EqualTo(2));
    }

    [Test]
    public async Task What_is_undone_is_not_undone_again_because_somebody_wrote_meanwhile()
    {
        _h.Put("a");
        var undone = 0;
        _h.Script.Finalize = _ =>
        {
            undone++;
            _h.Api.Edit(Widget.Definition, "a", w => w["metadata"]!["finalizers"]!.AsArray().Add("other.dev/keep"));
            return null;
        };
        await _h.StartAsync(finalizes: true);
        await _h.SettlesAsync(() => _h.Ready("a") == "True");
        await _h.Api.Client().DeleteAsync(Widget.Definition, ObjectKey.Cluster("a"), new DeleteOptions(), CancellationToken.None);
        await _h.SettlesAsync(() => !Finalizers("a").Contains(Ours));
        Assert.That(Finalizers("a"), Is.EqualTo(new[] { "other.dev/keep" }));
        Assert.That(undone, Is.EqualTo(1));
    }

    [Test]
    public async Task A_suspended_object_is_still_undone_when_it_is_deleted()
    {
        _h.Put("a");
        await _h.StartAsync(finalizes: true);
        await _h.SettlesAsync(() => _h.Ready("a") == "True");
        _h.Api.Edit(Widget.Definition, "a", w => w["spec"]!["suspend"] = true);
        await _h.SettlesAsync(() => _h.Ready("a") == "Unknown");
        await _h.Api.Client().DeleteAsync(Widget.Definition, ObjectKey.Cluster("a"), new DeleteOptions(), CancellationToken.None);
        await _h.SettlesAsync(() => _h.Api.Find(Widget.Definition, "a") is null);
    }

    [Test]
    public async Task A_finalizer_that_throws_keeps_the_object_and_is_tried_again()
    {
        _h.Put("a");
        var attempts = 0;
        _h.Script.Finalize = _ => ++attempts < 3 ? throw new InvalidOperationException("the registry is away") : null;
        await _h.StartAsync(finalizes: true);
        await _h.SettlesAsync(() => _h.Ready("a") == "True");
        await _h.Api.Client().DeleteAsync(Widget.Definition, ObjectKey.Cluster("a"), new DeleteOptions(), CancellationToken.None);
        await _h.SettlesAsync(() => _h.Condition("a", "Ready").String("message") == "the registry is away");
        await Eventually.HoldsAsync(_h.Time, TimeSpan.FromMilliseconds(500), () => _h.Api.Find(Widget.Definition, "a") is null);
    }

    [Test]
    public async Task What_is_undone_is_decided_from_what_is_so_then_not_when_it_was_asked_for()
    {
        _h.Put("a");
        await _h.StartAsync(c => c.Workers = 1, finalizes: true);
        await _h.SettlesAsync(() => _h.Ready("a") == "True");
        var (busy, free) = (new TaskCompletionSource(), new TaskCompletionSource());
        _h.Script.Reconcile = async (w, _, _) =>
        {
            busy.TrySetResult();
            await free.Task;
            return Script.Painted(w);
        };
        _h.Put("b");
        await busy.Task;
        await _h.Api.Client().DeleteAsync(Widget.Definition, ObjectKey.Cluster("a"), new DeleteOptions(), CancellationToken.None);
        await _h.SettlesAsync(() => _h.Services.GetRequiredService<IStore<Widget>>().Get(ObjectKey.Cluster("a"))!.Metadata.IsBeingDeleted);

        _h.Time.Advance(TimeSpan.FromSeconds(1));
        var later = _h.Time.GetTimestamp();
        free.SetResult();
        await _h.SettlesAsync(() => _h.Api.Find(Widget.Definition, "a") is null);
        Assert.That(_h.Script.FinalizedAsOf, Is.GreaterThanOrEqualTo(later));
    }

    private string[] Finalizers(string name) => [.. _h.Get(name).Object("metadata").Array("finalizers")!.Select(f => f!.GetValue<string>())];
}
