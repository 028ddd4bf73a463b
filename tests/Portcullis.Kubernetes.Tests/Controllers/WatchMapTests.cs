using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portcullis.Kubernetes.Stores;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Testing;

namespace Portcullis.Kubernetes.Tests.Controllers;

/// <summary>A change of another object reconciles those it concerns.</summary>
internal sealed class WatchMapTests : IAsyncDisposable
{
    private const string Selector = "managed-by=us";

    private readonly ControllerHarness _h = new();

    public ValueTask DisposeAsync() => _h.DisposeAsync();

    [Test]
    public async Task A_deleted_child_reconciles_its_owner_at_once_and_the_store_shows_it_gone()
    {
        _h.Put("a");
        _h.Put("b");
        Child("child", "a");
        var seen = new List<(string Widget, int Children)>();
        _h.Script.Reconcile = (w, _, _) =>
        {
            var store = _h.Services.GetRequiredService<UntypedStores>().Of(ControllerHarness.Bindings, Selector);
            lock (seen)
            {
                seen.Add((w.Metadata.Name!, store.Find("owner", w.Metadata.Name!).Count));
            }

            return Task.FromResult(Script.Painted(w));
        };
        await StartAsync();
        await _h.SettlesAsync(() => _h.Ready("a") == "True" && _h.Ready("b") == "True");
        _h.Api.Remove(ControllerHarness.Bindings, "child", "team");
        await _h.SettlesAsync(() => seen.Count == 3);
        Assert.That(seen[^1], Is.EqualTo(("a", 0)));
        Assert.That(seen, Does.Contain(("a", 1)));
    }

    [Test]
    public async Task A_child_that_changes_hands_reconciles_both_owners()
    {
        _h.Put("a");
        _h.Put("b");
        Child("child", "a");
        await StartAsync();
        await _h.SettlesAsync(() => _h.Ready("a") == "True" && _h.Ready("b") == "True");
        Child("child", "b");
        await _h.SettlesAsync(() => _h.Script.Reconciles == 4);
    }

    [Test]
    public async Task A_change_of_a_childs_status_alone_reconciles_nobody()
    {
        _h.Put("a");
        Child("child", "a");
        await StartAsync();
        await _h.SettlesAsync(() => _h.Ready("a") == "True");
        Child("child", "a", c => c["status"] = new JsonObject { ["heartbeat"] = "now" });
        Child("child", "a", c => c["roleRef"] = "changed");
        await _h.SettlesAsync(() => _h.Script.Reconciles == 2);
        Assert.That(_h.Script.Reconciles, Is.EqualTo(2));
    }

    [TestCase(true, 2)]
    [TestCase(false, 15)]
    public async Task A_change_of_what_we_never_write_ends_the_back_off_of_a_failed_object(bool endsBackOff, int seconds)
    {
        _h.Put("a");
        Child("child", "a");
        _h.Script.Reconcile = (w, _, _) => _h.Script.Reconciles <= 8 ? throw new InvalidOperationException("no paint") : Task.FromResult(Script.Painted(w));
        await _h.StartAsync(c => c.AlsoUntyped(ControllerHarness.Bindings, Selector, _ => [ObjectKey.Cluster("a")], endsBackOff: endsBackOff));
        await Eventually.HoldsAsync(_h.Time, TimeSpan.FromSeconds(1), () => _h.Script.Reconciles == 8);
        await _h.SettlesAsync(() => _h.Ready("a") == "False");
        var changed = _h.Time.GetUtcNow();
        Child("child", "a", c => c["roleRef"] = "changed");
        await Eventually.HoldsAsync(_h.Time, TimeSpan.FromMilliseconds(200), () => _h.Ready("a") == "True");
        Assert.That((_h.Time.GetUtcNow() - changed).TotalSeconds, endsBackOff ? Is.LessThan(seconds) : Is.InRange(5, seconds));
    }

    private Task StartAsync() => _h.StartAsync(c =>
    {
        c.AlsoUntyped(ControllerHarness.Bindings, Selector, child => Owner(child) is { } owner ? [ObjectKey.Cluster(owner)] : []);
    });

    private static string? Owner(JsonObject child) => child.Object("metadata").Object("labels").String("owner");

    private void Child(string name, string owner, Action<JsonObject>? edit = null)
    {
        var value = new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "team", ["labels"] = new JsonObject { ["owner"] = owner } },
            ["roleRef"] = "role",
        };
        edit?.Invoke(value);
        _h.Api.Put(ControllerHarness.Bindings, value);
    }
}
