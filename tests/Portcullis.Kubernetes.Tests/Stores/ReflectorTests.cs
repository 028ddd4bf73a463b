using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Stores;
using Portcullis.Kubernetes.Tests.Scripted;
using Portcullis.Objects;
using Portcullis.Testing;

namespace Portcullis.Kubernetes.Tests.Stores;

/// <summary>The traps of list and watch, one a test.</summary>
internal sealed class ReflectorTests
{
    private static readonly ApiResource Widgets = Widget.Definition;

    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedApi _api = new();
    private StoreHistory _history = null!;
    private CancellationTokenSource _stop = null!;
    private TypedStore<Widget> _store = null!;
    private Reflector _reflector = null!;
    private Task _running = Task.CompletedTask;

    [SetUp]
    public void Prepare()
    {
        _stop = new CancellationTokenSource();
        _history = new StoreHistory();
        _store = new TypedStore<Widget>(new StoreOptions<Widget>());
    }

    [TearDown]
    public async Task Finish()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        _history.Dispose();
        _api.Dispose();
    }

    [Test]
    public async Task Follows_every_page_and_lists_without_a_version()
    {
        Put("a", "b", "c", "d", "e");
        await StartAsync(pageSize: 2);
        Assert.That(Names(), Is.EqualTo(new[] { "a", "b", "c", "d", "e" }));
        var lists = _api.Requests.Where(r => r.Contains("limit=2", StringComparison.Ordinal)).ToList();
        Assert.That(lists, Has.Count.EqualTo(3));
        Assert.That(lists, Has.None.Contains("resourceVersion"));
    }

    [Test]
    public async Task Watches_from_the_lists_version_and_takes_what_happens()
    {
        Put("a");
        await StartAsync();
        Put("b");
        _api.Edit(Widgets, "a", w => w["spec"]!["colour"] = "red");
        await Eventually.HoldsAsync(() => _store.List().Count == 2 && Get("a")?.Spec.Colour == "red");
        _api.Remove(Widgets, "a");
        await Eventually.HoldsAsync(() => Get("a") is null);
        Assert.That(Lists(), Is.EqualTo(1));
    }

    [Test]
    public async Task Begins_the_whole_list_again_when_it_expires_between_two_pages()
    {
        Put("a", "b", "c");
        var expired = false;
        _api.Script = request =>
        {
            if (expired || !request.RequestUri!.Query.Contains("continue=", StringComparison.Ordinal))
            {
                return null;
            }

            expired = true;
            _api.Remove(Widgets, "a");
            return ScriptedApi.Status(HttpStatusCode.Gone, "Expired", "The provided continue parameter is too old");
        };
        await StartAsync(pageSize: 2, synced: false);
        await Eventually.HoldsAsync(_time, TimeSpan.FromMilliseconds(100), () => _store.IsSynced);
        Assert.That(Names(), Is.EqualTo(new[] { "b", "c" }), "what the first list had seen is swept");
    }

    [Test]
    public async Task Removes_nothing_before_the_last_page_is_in()
    {
        Put("a", "b", "c", "d", "e");
        await StartAsync(pageSize: 2);
        var removed = new List<string>();
        var pagesWhenRemoved = 0;
        using var seen = _store.Subscribe(change =>
        {
            if (change.After is null)
            {
                removed.Add(change.Key.Name);
                pagesWhenRemoved = Lists() - 3;
            }
        });
        Silence();
        _api.Remove(Widgets, "a");
        Put("f");
        Expire();
        await Eventually.HoldsAsync(_time, TimeSpan.FromMilliseconds(100), () => removed.Count == 1 && Get("f") is not null);
        Assert.That(removed, Is.EqualTo(new[] { "a" }));
        Assert.That(pagesWhenRemoved, Is.EqualTo(3));
    }

    [Test]
    public async Task Lists_afresh_when_the_watched_version_is_gone()
    {
        Put("a");
        await StartAsync();
        Silence();
        Put("b");
        Expire();
        await Eventually.HoldsAsync(_time, TimeSpan.FromMilliseconds(100), () => Get("b") is not null);
        Assert.That(Lists(), Is.EqualTo(2));
        Assert.That(_api.Requests.Last(r => r.Contains("limit=", StringComparison.Ordinal)), Does.Not.Contain("resourceVersion"));
    }

    [Test]
    public async Task Lists_afresh_when_the_server_was_set_back_to_an_older_state()
    {
        Put("a");
        await StartAsync();
        Put("b");
        await Eventually.HoldsAsync(() => Get("b") is not null);
        _api.SetBack();
        await Eventually.HoldsAsync(_time, TimeSpan.FromMilliseconds(100), () => Get("b") is null);
        Assert.That(Get("a"), Is.Not.Null);
    }

    [Test]
    public async Task Lists_afresh_when_another_reflector_saw_that_the_server_was_set_back()
    {
        Put("a");
        await StartAsync();
        Silence();
        Put("b");
        _history.End(_history.Present);
        await Eventually.HoldsAsync(_time, TimeSpan.FromMilliseconds(100), () => Get("b") is not null);
        Assert.That(Lists(), Is.EqualTo(2));
    }

    [Test]
    public async Task Lists_afresh_after_an_error_event_that_says_expired()
    {
        Put("a");
        await StartAsync();
        _api.Watches[0].Send("""{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"too old","reason":"Expired","code":410}}""");
        await Eventually.HoldsAsync(_time, TimeSpan.FromMilliseconds(100), () => Lists() == 2);
    }

    [Test]
    public async Task Goes_on_from_the_last_version_after_another_error_event()
    {
        Put("a");
        await StartAsync();
        Put("b");
        await Eventually.HoldsAsync(() => Get("b") is not null);
        _api.Watches[0].Send("""{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"etcd","reason":"InternalError","code":500}}""");
        await Eventually.HoldsAsync(_time, TimeSpan.FromMilliseconds(100), () => _api.Watches.Count == 2);
        Assert.That(Lists(), Is.EqualTo(1));
        Assert.That(_api.Watches[1].Version, Is.EqualTo(Version("b")));
    }

    [Test]
    public async Task Watches_on_from_the_last_seen_version_after_a_clean_end()
    {
        Put("a");
        await StartAsync();
        Put("b");
        await Eventually.HoldsAsync(() => Get("b") is not null);
        _time.Advance(TimeSpan.FromSeconds(5));
        _api.Watches[0].End();
        await Eventually.HoldsAsync(() => _api.Watches.Count == 1);
        Assert.That(_api.Watches[0].Version, Is.EqualTo(Version("b")));
        Assert.That(Lists(), Is.EqualTo(1));
    }

    [Test]
    public async Task Remembers_the_version_of_a_bookmark()
    {
        Put("a");
        await StartAsync();
        _api.Bookmark(Widgets);
        var bookmark = Version("a") + 1;
        _time.Advance(TimeSpan.FromSeconds(5));
        _api.Watches[0].End();
        await Eventually.HoldsAsync(() => _api.Watches.Count == 1);
        Assert.That(_api.Watches[0].Version, Is.EqualTo(bookmark));
    }

    [Test]
    public async Task Survives_an_object_torn_in_two_by_a_lost_connection()
    {
        Put("a");
        await StartAsync();
        _api.Watches[0].SendRaw("""{"type":"MODIFIED","object":{"metadata":{"name":"a","resour""");
        _api.Watches[0].End();
        Put("b");
        await Eventually.HoldsAsync(_time, TimeSpan.FromMilliseconds(100), () => Get("b") is not null);
        Assert.That(Get("a"), Is.Not.Null);
        Assert.That(Lists(), Is.EqualTo(1));
    }

    [Test]
    public async Task Takes_an_object_whose_bytes_come_in_two_writes()
    {
        await StartAsync();
        _api.Watches[0].SendRaw("""{"type":"ADDED","object":{"metadata":{"name":"late","resourceVersion":"500"},"sp""");
        _api.Watches[0].SendRaw("""ec":{"colour":"blue"}}}""" + "\n");
        await Eventually.HoldsAsync(() => Get("late")?.Spec.Colour == "blue");
    }

    [Test]
    public async Task Opens_a_silent_watch_again()
    {
        Put("a");
        await StartAsync();
        Silence();
        Put("b");
        _time.Advance(new ReflectorOptions().SilenceLimit);
        await Eventually.HoldsAsync(() => Get("b") is not null);
        Assert.That(Lists(), Is.EqualTo(1), "the watch is enough");
    }

    [Test]
    public async Task Pauses_longer_with_each_failure_and_recovers()
    {
        var calls = 0;
        _api.Script = _ => ++calls <= 5 ? ScriptedApi.Status(HttpStatusCode.InternalServerError, "InternalError", "etcd is away") : null;
        await StartAsync(synced: false);
        await Eventually.HoldsAsync(() => calls == 1 && _time.Waiting == 1);
        Assert.That(_reflector.Trouble, Is.EqualTo("etcd is away"));
        var began = _time.GetUtcNow();
        Put("a");
        await Eventually.HoldsAsync(_time, TimeSpan.FromMilliseconds(50), () => _store.IsSynced);
        Assert.That(_time.GetUtcNow() - began, Is.GreaterThan(TimeSpan.FromSeconds(3)).And.LessThan(TimeSpan.FromSeconds(30)));
        Assert.That(_reflector.Trouble, Is.Null);
    }

    [Test]
    public async Task Does_not_ask_without_pause_when_the_server_ends_every_watch_at_once()
    {
        Put("a");
        await StartAsync();
        for (var i = 0; i < 3; i++)
        {
            await Eventually.HoldsAsync(_time, TimeSpan.FromMilliseconds(50), () => _api.Watches.Count == 1);
            _api.Watches[0].End();
        }

        await Eventually.HoldsAsync(() => _time.Waiting > 0);
        Assert.That(_api.Watches, Is.Empty);
    }

    [Test]
    public async Task One_unreadable_object_keeps_no_other_out_and_stays_as_last_known()
    {
        Put("a", "b");
        await StartAsync();
        _api.Edit(Widgets, "a", w => w["spec"] = 17);
        _api.Edit(Widgets, "b", w => w["spec"]!["colour"] = "red");
        await Eventually.HoldsAsync(() => Get("b")?.Spec.Colour == "red");
        Assert.That(Get("a")?.Spec.Colour, Is.EqualTo("green"));
    }

    [Test]
    public async Task An_unreadable_object_is_not_swept_by_a_fresh_list()
    {
        Put("a", "b");
        await StartAsync();
        Silence();
        _api.Edit(Widgets, "a", w => w["spec"] = 17);
        Put("c");
        Expire();
        await Eventually.HoldsAsync(_time, TimeSpan.FromMilliseconds(100), () => Get("c") is not null);
        Assert.That(Get("a"), Is.Not.Null);
    }

    private async Task StartAsync(int pageSize = 500, bool synced = true)
    {
        var collection = _api.Client(_time).Collection(Widgets, new ListOptions { PageSize = pageSize });
        _reflector = new Reflector(collection, _store, new ReflectorOptions(), _history, _time, NullLogger.Instance);
        _running = _reflector.RunAsync(_stop.Token);
        if (synced)
        {
            await Eventually.HoldsAsync(() => _store.IsSynced && _api.Watches.Count == 1);
        }
    }

    private void Silence() => _api.Silence();

    /// <summary>The versions so far are forgotten, and the watches break.</summary>
    private void Expire()
    {
        _api.Expired = true;
        _api.BreakWatches();
    }

    private void Put(params string[] names)
    {
        foreach (var name in names)
        {
            _api.Put(Widgets, new JsonObject
            {
                ["apiVersion"] = Widgets.ApiVersion,
                ["kind"] = Widgets.Kind,
                ["metadata"] = new JsonObject { ["name"] = name, ["managedFields"] = new JsonArray(new JsonObject { ["manager"] = "kubectl" }) },
                ["spec"] = new JsonObject { ["colour"] = "green" },
            });
        }
    }

    private Widget? Get(string name) => _store.Get(ObjectKey.Cluster(name));

    private string[] Names() => [.. _store.Keys().Select(k => k.Name).Order(StringComparer.Ordinal)];

    /// <summary>Without the questions for the version alone.</summary>
    private int Lists() => _api.Requests.Count(r => r.Contains("limit=", StringComparison.Ordinal) && !r.EndsWith("limit=1", StringComparison.Ordinal));

    private long Version(string name) =>
        long.Parse(_api.Find(Widgets, name)!["metadata"]!["resourceVersion"]!.GetValue<string>(), System.Globalization.CultureInfo.InvariantCulture);
}
