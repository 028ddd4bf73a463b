using System.Net;
using System.Text.Json.Nodes;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Tests.Scripted;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Testing;

namespace Portcullis.Kubernetes.Tests.Client;

internal sealed class KubernetesClientTests : IDisposable
{
    private static readonly ApiResource Widgets = Widget.Definition;

    private readonly ScriptedApi _api = new();
    private readonly ManualTimeProvider _time = new();

    public void Dispose() => _api.Dispose();

    [Test]
    public async Task An_absent_object_is_null_and_its_deletion_is_false()
    {
        var client = _api.Client();
        Assert.That(await client.GetAsync(Widgets, ObjectKey.Cluster("none"), CancellationToken.None), Is.Null);
        Assert.That(await client.DeleteAsync(Widgets, ObjectKey.Cluster("none"), new DeleteOptions(), CancellationToken.None), Is.False);
    }

    [Test]
    public async Task A_refusal_is_a_typed_exception_with_the_servers_words()
    {
        _api.Script = _ => ScriptedApi.Status(HttpStatusCode.Forbidden, "Forbidden", "widgets is forbidden");
        var e = (await Assert.ThrowsAsync<KubernetesApiException>(() => _api.Client().GetAsync(Widgets, ObjectKey.Cluster("a"), CancellationToken.None)))!;
        Assert.That((e.StatusCode, e.Reason, e.Message), Is.EqualTo((HttpStatusCode.Forbidden, "Forbidden", "widgets is forbidden")));
        Assert.That(e.IsTransient, Is.False);
    }

    [Test]
    public async Task An_endless_error_page_is_read_up_to_a_limit_and_shown_in_part()
    {
        _api.Script = _ => new HttpResponseMessage(HttpStatusCode.BadGateway) { Content = new StreamContent(new EndlessStream()) };
        var e = (await Assert.ThrowsAsync<KubernetesApiException>(() => _api.Client().GetAsync(Widgets, ObjectKey.Cluster("a"), CancellationToken.None)))!;
        Assert.That(e.Message, Does.StartWith("GET /apis/example.dev/v1/widgets/a was answered 502").And.Length.LessThan(400));
        Assert.That(e.IsTransient, Is.True);
    }

    [Test]
    public async Task A_server_that_hangs_is_given_up()
    {
        _api.Before = (_, token) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        var asking = _api.Client(_time).GetAsync(Widgets, ObjectKey.Cluster("a"), CancellationToken.None);
        await Eventually.HoldsAsync(_time, TimeSpan.FromSeconds(10), () => asking.IsCompleted);
        Assert.That(async () => await asking, Throws.InstanceOf<HttpRequestException>().With.Message.Contains("not answered within"));
    }

    [Test]
    public async Task An_answer_that_is_no_json_is_an_unreachable_server()
    {
        _api.Script = _ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("<html>") };
        await Assert.ThrowsAsync<HttpRequestException>(() => _api.Client().GetAsync(Widgets, ObjectKey.Cluster("a"), CancellationToken.None));
    }

    [Test]
    public async Task A_list_that_expires_between_pages_is_given_whole_and_without_repeats()
    {
        for (var i = 0; i < 5; i++)
        {
            _api.Put(Widgets, New($"w{i}"));
        }

        var expired = 0;
        _api.Script = r => r.RequestUri!.Query.Contains("continue=", StringComparison.Ordinal) && expired++ == 0
            ? ScriptedApi.Status(HttpStatusCode.Gone, "Expired", "too old") : null;
        var names = new List<string>();
        await foreach (var item in _api.Client().ListAsync(Widgets, new ListOptions { PageSize = 2 }, CancellationToken.None))
        {
            names.Add(item.Object("metadata").String("name")!);
            Assert.That(item.String("kind"), Is.EqualTo("Widget"));
        }

        Assert.That(names, Is.EqualTo(new[] { "w0", "w1", "w2", "w3", "w4" }));
    }

    [Test]
    public async Task Deletion_carries_its_preconditions()
    {
        string? sent = null;
        _api.Before = async (r, token) => sent = await r.Content!.ReadAsStringAsync(token);
        _api.Put(Widgets, New("a"));
        await _api.Client().DeleteAsync(
            Widgets, ObjectKey.Cluster("a"), new DeleteOptions { Uid = "u", PropagationPolicy = "Background" }, CancellationToken.None);
        Assert.That(sent, Is.EqualTo("""{"apiVersion":"v1","kind":"DeleteOptions","preconditions":{"uid":"u"},"propagationPolicy":"Background"}"""));
    }

    [Test]
    public async Task Apply_names_its_manager_and_forces()
    {
        _api.Put(Widgets, New("a"));
        await _api.Client().ApplyAsync(Widgets, New("a"), new WriteOptions("me"), CancellationToken.None);
        Assert.That(_api.Requests[^1], Is.EqualTo("PATCH /apis/example.dev/v1/widgets/a?fieldManager=me&force=true"));
    }

    [Test]
    public async Task A_path_in_the_servers_address_is_kept()
    {
        using var http = new HttpClient(_api, disposeHandler: false) { BaseAddress = new Uri("http://scripted/k8s/clusters/c1/") };
        _api.Script = r => ScriptedApi.Json(new JsonObject { ["path"] = r.RequestUri!.AbsolutePath });
        var found = await new KubernetesClient(http).GetAsync(Widgets, ObjectKey.Cluster("a"), CancellationToken.None);
        Assert.That(found.String("path"), Is.EqualTo("/k8s/clusters/c1/apis/example.dev/v1/widgets/a"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Discovery_finds_kinds_and_looks_again_for_a_new_one(bool aggregated)
    {
        var kinds = new List<string> { "Widget" };
        _api.Script = r => Discover(r.RequestUri!.AbsolutePath, aggregated, kinds);
        var client = _api.Client(_time);
        var widget = await client.FindResourceAsync("example.dev/v1", "Widget", CancellationToken.None);
        Assert.That((widget!.Plural, widget.Namespaced, widget.Group), Is.EqualTo(("widgets", false, "example.dev")));
        var asked = _api.Requests.Count;
        await client.FindResourceAsync("example.dev/v1", "Widget", CancellationToken.None);
        Assert.That(_api.Requests, Has.Count.EqualTo(asked), "it is remembered");
        kinds.Add("Gadget");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await client.FindResourceAsync("example.dev/v1", "Gadget", CancellationToken.None), Is.Not.Null);
        Assert.That(await client.FindResourceAsync("none.dev/v1", "Widget", CancellationToken.None), Is.Null);
    }

    private static HttpResponseMessage? Discover(string path, bool aggregated, List<string> kinds) => path switch
    {
        "/apis" when aggregated => ScriptedApi.Json(new JsonObject
        {
            ["kind"] = "APIGroupDiscoveryList",
            ["items"] = new JsonArray(new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = "example.dev" },
                ["versions"] = new JsonArray(new JsonObject { ["version"] = "v1", ["resources"] = new JsonArray([.. kinds.Select(Aggregated)]) }),
            }),
        }),
        "/apis" => ScriptedApi.Json(new JsonObject { ["kind"] = "APIGroupList" }),
        "/apis/example.dev/v1" => ScriptedApi.Json(new JsonObject
        {
            ["kind"] = "APIResourceList",
            ["resources"] = new JsonArray([.. kinds.SelectMany(k => (JsonNode[])[Listed(k, ""), Listed(k, "/status")])]),
        }),
        "/apis/none.dev/v1" => ScriptedApi.Status(HttpStatusCode.NotFound, "NotFound", "no such group"),
        _ => null,
    };

    private static JsonNode Aggregated(string kind) => new JsonObject
    {
        ["resource"] = kind.ToLowerInvariant() + "s",
        ["scope"] = "Cluster",
        ["responseKind"] = new JsonObject { ["kind"] = kind },
    };

    private static JsonObject Listed(string kind, string subresource) =>
        new JsonObject { ["name"] = kind.ToLowerInvariant() + "s" + subresource, ["kind"] = kind, ["namespaced"] = false };

    private static JsonObject New(string name) => new() { ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = new JsonObject() };

    private sealed class EndlessStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => 0;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            buffer.AsSpan(offset, count).Fill((byte)'x');
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
