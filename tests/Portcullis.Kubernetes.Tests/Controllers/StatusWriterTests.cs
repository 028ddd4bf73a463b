using System.Net;
using System.Text.Json.Nodes;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Stores;
using Portcullis.Kubernetes.Tests.Scripted;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Testing;

namespace Portcullis.Kubernetes.Tests.Controllers;

/// <summary>Statuses written while the store is behind, and with answers that are lost.</summary>
internal sealed class StatusWriterTests : IDisposable
{
    private static readonly ObjectKey Key = ObjectKey.Cluster("a");

    private readonly ScriptedApi _api = new();
    private readonly ManualTimeProvider _time = new();
    private readonly TypedStore<Widget> _store = new(new StoreOptions<Widget>());
    private readonly StatusWriter<Widget, WidgetStatus> _statuses;

    public StatusWriterTests()
    {
        _statuses = new StatusWriter<Widget, WidgetStatus>(_api.Client(_time), _store, "painter", _time);
        _store.Subscribe(_statuses.Observe);
        _store.WhenListed(_statuses.Doubt);
        _api.Put(Widget.Definition, new JsonObject
        {
            ["apiVersion"] = Widget.Definition.ApiVersion,
            ["kind"] = "Widget",
            ["metadata"] = new JsonObject { ["name"] = Key.Name },
            ["spec"] = new JsonObject { ["colour"] = "green" },
        });
        Show(Live());
    }

    public void Dispose() => _api.Dispose();

    [Test]
    public async Task What_was_written_counts_until_the_watch_shows_it()
    {
        await PaintAsync("green");
        Assert.That(_statuses.Reported(Stored())?.Painted, Is.EqualTo("green"), "the store is behind");
        Assert.That(await PaintAsync("green"), Is.False, "nothing is written twice because of that");
        Show(Live());
        Assert.That(_statuses.Ahead, Is.Zero);
        Assert.That(_statuses.Reported(Stored())?.Painted, Is.EqualTo("green"));
    }

    [Test]
    public async Task A_reconcile_that_began_before_its_own_write_was_shown_sees_it_all_the_same()
    {
        var begun = Stored();
        await PaintAsync("green");
        Show(Live());
        Assert.That(_statuses.Reported(begun)?.Painted, Is.EqualTo("green"));
        Assert.That(await _statuses.WriteAsync(begun, new WidgetStatus(), CancellationToken.None), Is.True);
        Assert.That(Painted(), Is.Null);
    }

    [Test]
    public async Task What_was_written_last_is_not_taken_for_what_an_earlier_write_made()
    {
        await PaintAsync("green");
        var between = Live();
        await PaintAsync("red");
        Show(between);
        Assert.That(_statuses.Reported(Stored())?.Painted, Is.EqualTo("red"));
        await PaintAsync("green");
        Assert.That(Painted(), Is.EqualTo("green"));
    }

    [Test]
    public async Task What_was_written_counts_while_the_watch_shows_older_changes_of_others()
    {
        _api.Edit(Widget.Definition, Key.Name, w => w["metadata"]!["labels"] = new JsonObject { ["by"] = "hand" });
        var labelled = Live();
        await PaintAsync("red");
        Show(labelled);
        Assert.That(_statuses.Reported(Stored())?.Painted, Is.EqualTo("red"), "the store shows the label, and not yet the status");
        Assert.That(await PaintAsync("green"), Is.True);
        Assert.That(Painted(), Is.EqualTo("green"));
        Show(Live());
        Assert.That(_statuses.Ahead, Is.Zero);
    }

    [Test]
    public async Task What_others_wrote_to_the_status_since_is_put_right()
    {
        await PaintAsync("green");
        _api.Edit(Widget.Definition, Key.Name, w => w["status"]!["painted"] = "blue");
        Show(Live());
        Assert.That(await PaintAsync("green"), Is.True);
        Assert.That(Painted(), Is.EqualTo("green"));
    }

    [Test]
    public async Task A_status_whose_answer_was_lost_is_asked_for_before_the_next_is_written()
    {
        await PaintAsync("green");
        Show(Live());
        LoseAnswer(() => _api.Edit(Widget.Definition, Key.Name, w => w["status"]!["painted"] = "red"));
        await Assert.ThrowsAsync<HttpRequestException>(() => PaintAsync("red"));
        _api.Script = null;
        Assert.That(await PaintAsync("green"), Is.True, "the store shows green still");
        Assert.That(Painted(), Is.EqualTo("green"));
    }

    [Test]
    public async Task A_status_whose_answer_was_lost_is_asked_for_however_late()
    {
        await PaintAsync("green");
        Show(Live());
        LoseAnswer(() => _api.Edit(Widget.Definition, Key.Name, w => w["status"]!["painted"] = "red"));
        await Assert.ThrowsAsync<HttpRequestException>(() => PaintAsync("red"));
        _api.Script = null;
        _time.Advance(TimeSpan.FromHours(1));
        await PaintAsync("green");
        Assert.That(Painted(), Is.EqualTo("green"));
    }

    [Test]
    public async Task A_status_that_the_watch_does_not_show_in_time_is_asked_for()
    {
        await PaintAsync("green");
        _time.Advance(Expectations<WidgetStatus>.Patience);
        _api.Edit(Widget.Definition, Key.Name, w => w["status"]!["painted"] = "blue");
        Assert.That(await PaintAsync("green"), Is.True);
        Assert.That(Painted(), Is.EqualTo("green"));
    }

    [Test]
    public async Task A_status_that_was_written_before_everything_was_listed_is_asked_for()
    {
        await PaintAsync("green");
        _api.Edit(Widget.Definition, Key.Name, w => w["status"]!["painted"] = "blue");
        _store.MarkSynced();
        Assert.That(await PaintAsync("green"), Is.True);
        Assert.That(Painted(), Is.EqualTo("green"));
    }

    [Test]
    public async Task Nothing_is_remembered_of_an_object_that_is_gone()
    {
        await PaintAsync("green");
        _store.Remove(Key, "99", initial: false);
        Assert.That(_statuses.Ahead, Is.Zero);
    }

    [Test]
    public async Task An_object_that_was_made_anew_has_nothing_of_the_old_one()
    {
        LoseAnswer(() => _api.Remove(Widget.Definition, Key.Name));
        await Assert.ThrowsAsync<HttpRequestException>(() => PaintAsync("green"));
        _api.Script = null;
        var old = Stored();
        _api.Put(Widget.Definition, new JsonObject
        {
            ["apiVersion"] = Widget.Definition.ApiVersion,
            ["kind"] = "Widget",
            ["metadata"] = new JsonObject { ["name"] = Key.Name },
            ["spec"] = new JsonObject { ["colour"] = "red" },
        });
        var error = await Assert.ThrowsAsync<KubernetesApiException>(() => _statuses.WriteAsync(old, new WidgetStatus { Painted = "green" }, CancellationToken.None));
        Assert.That(error!.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Show(Live());
        Assert.That(_statuses.Reported(Stored()), Is.Null);
    }

    private Task<bool> PaintAsync(string colour) => _statuses.WriteAsync(Stored(), new WidgetStatus { Painted = colour }, CancellationToken.None);

    private void LoseAnswer(Action done) => _api.Script = request =>
    {
        if (request.Method != HttpMethod.Patch)
        {
            return null;
        }

        done();
        throw new HttpRequestException("The answer was lost.");
    };

    private void Show(JsonObject live) => _store.Put(KubernetesJson.ToBytes(live), initial: false);

    private Widget Stored() => _store.Get(Key)!;

    private JsonObject Live() => (JsonObject)_api.Find(Widget.Definition, Key.Name)!.DeepClone();

    private string? Painted() => Live().Object("status").String("painted");
}
