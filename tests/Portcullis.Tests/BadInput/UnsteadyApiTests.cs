using System.Net;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Connection;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Testing;
using Portcullis.Testing.Faults;
using Portcullis.Tests.Sources;

namespace Portcullis.Tests.BadInput;

/// <summary>
/// An API server that fails the operator, and the operator alone, by a proxy between them: each failure is told where it happened, keeps
/// nothing else back, and is forgotten once it is over.
/// </summary>
internal sealed class UnsteadyApiTests
{
    private SourceWorld _world = null!;
    private FaultProxy _proxy = null!;

    [SetUp]
    public async Task SetUp()
    {
        _world = await SourceWorld.StartAsync(running: false);
        if (_world.Cluster.Embedded is not { } server)
        {
            Assert.Ignore("not run: the server is stopped and its store set back, which only the embedded API allows");
            return;
        }

        _proxy = await FaultProxy.StartAsync(server.Address, server.CaCertificatePem);
        await _world.StartOperatorAsync(
            connection: new KubernetesConnection { Server = _proxy.Address, Credentials = _world.Cluster.Connection.Credentials });
        await _world.SourceAsync();
    }

    [TearDown]
    public async Task TearDown()
    {
        await _world.StopOperatorAsync();
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        await _world.DisposeAsync();
    }

    private static IEnumerable<TestCaseData> OneObjectsFaults()
    {
        yield return new TestCaseData(Fault.Conflict, "injected fault: Conflict").SetArgDisplayNames("409");
        yield return new TestCaseData(new Fault.Answer(HttpStatusCode.TooManyRequests, "TooManyRequests", TimeSpan.FromSeconds(30)), "injected fault: TooManyRequests").SetArgDisplayNames("429");
        yield return new TestCaseData(Fault.InternalError, "injected fault: InternalError").SetArgDisplayNames("500");
        yield return new TestCaseData(new Fault.Answer(HttpStatusCode.Unauthorized, "Unauthorized"), "injected fault: Unauthorized").SetArgDisplayNames("401");
        yield return new TestCaseData(new Fault.Garbage("<html>log in</html>"), "is not a JSON object").SetArgDisplayNames("garbage");
        yield return new TestCaseData(new Fault.Garbage("{\"kind\":\"ConfigMap\",\"metadata\":{", "application/json"), "is not a JSON object").SetArgDisplayNames("half an object");
        yield return new TestCaseData(new Fault.Cut(), "").SetArgDisplayNames("cut");
    }

    [TestCaseSource(nameof(OneObjectsFaults))]
    public async Task A_write_that_always_fails_is_pending_alone(Fault fault, string message)
    {
        _proxy.Faults.Inject(r => r.Method == "PATCH" && r.Path.EndsWith("/configmaps/c07", StringComparison.Ordinal), fault);
        for (var i = 0; i < 30; i++)
        {
            _world.Git.Write($"c{i:00}.yaml", SourceWorld.ConfigMap($"c{i:00}"));
        }

        var commit = _world.Git.Commit();

        var source = await _world.StatusAsync(s => s.Status!.PendingCount == 1 && SourceWorld.Ready(s)!.Reason == "ObjectsPending");

        Assert.Multiple(async () =>
        {
            Assert.That(source.Status!.Pending!.Single().Object, Is.EqualTo("ConfigMap work/c07"));
            Assert.That(source.Status.Pending!.Single().File, Is.EqualTo("c07.yaml:1"));
            Assert.That(source.Status.Pending!.Single().Message, Does.Contain(message));
            Assert.That(SourceWorld.Ready(source)!.Message, Does.StartWith($"1 of 30 objects not yet at {commit[..8]}: ConfigMap work/c07: "));
            for (var i = 0; i < 30; i++)
            {
                Assert.That(await _world.ConfigMapAsync($"c{i:00}"), i == 7 ? Is.Null : Is.Not.Null);
            }
        });
        await TestContext.Out.WriteLineAsync(source.Status!.Pending!.Single().Message);
        await _world.IsKeptAsync("c12");

        _proxy.Faults.Clear();
        await _world.VisitAsync();
        await _world.ReadyAsync(commit);
    }

    [Test]
    public async Task A_commit_gets_through_whatever_every_request_meets_on_its_way()
    {
        await _world.GoodAsync();
        Fault[] faults =
        [
            Fault.Conflict, Fault.InternalError, Fault.TooManyRequests, Fault.Gone, new Fault.Answer(HttpStatusCode.Unauthorized, "Unauthorized"),
            new Fault.Garbage("<html>"), new Fault.Cut(), new Fault.CutAfterForward(), new Fault.CutBody(60), new Fault.CutBody(900),
        ];
        var round = 1;
        foreach (var fault in faults)
        {
            round++;
            var count = 0;

            // Every second request, reads, lists, watches and writes alike.
            _proxy.Faults.Inject(_ => Interlocked.Increment(ref count) % 2 == 0, fault, times: 15);
            _proxy.Faults.CutOpen(r => r.IsWatch);
            var value = round.ToString(System.Globalization.CultureInfo.InvariantCulture);
            var commit = _world.Git.Write("a.yaml", SourceWorld.ConfigMap("a", value)).Write($"b{round}.yaml", SourceWorld.ConfigMap($"b{round}")).Commit();
            await Eventually.GetsAsync(() => _world.ConfigMapAsync($"b{round}"), within: TimeSpan.FromSeconds(90));
            await Eventually.HoldsAsync(
                async () => (await _world.GetSourceAsync()).Status?.LastAppliedCommit == commit, TimeSpan.FromSeconds(90), $"the commit applied in spite of {fault}");
            _proxy.Faults.Clear();
            await _world.ReadyAsync(commit);
            await _world.IsKeptAsync("a", value);
        }
    }

    [Test]
    public async Task A_watch_that_says_410_or_breaks_inside_an_object_still_shows_drift()
    {
        await _world.GoodAsync();
        var isConfigMaps = (SeenRequest r) => r.Path.Contains("configmaps", StringComparison.Ordinal);
        foreach (var fault in new[] { Fault.Gone, new Fault.CutBody(40), new Fault.CutBody(700), new Fault.Garbage("{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410,\"reason\":\"Expired\",\"message\":\"too old resource version\"}}\n", "application/json") })
        {
            _proxy.Faults.Inject(r => r.IsWatch && isConfigMaps(r), fault, times: 2);
            _proxy.Faults.Inject(r => r.IsList && isConfigMaps(r), fault is Fault.Garbage ? Fault.Gone : fault, times: 1);
            await Eventually.HoldsAsync(() => _proxy.Faults.CutOpen(r => r.IsWatch && isConfigMaps(r)) > 0);
            await _world.IsKeptAsync("a");
            _proxy.Faults.Clear();
        }
    }

    [Test]
    public async Task A_server_that_is_away_and_back_is_made_whole()
    {
        var good = await _world.GoodAsync();
        _proxy.Faults.Inject(_ => true, new Fault.Cut());
        _proxy.Faults.CutOpen(_ => true);
        await _world.Client.DeleteAsync(SourceWorld.ConfigMaps, new ObjectKey("work", "a"), new DeleteOptions(), default);
        var next = _world.Git.Write("b.yaml", SourceWorld.ConfigMap("b")).Commit();
        await Eventually.HoldsAsync(() => _proxy.Faults.Seen.Count(r => r.IsWatch || r.IsList) > 10);
        Assert.That((await _world.GetSourceAsync()).Status!.LastAppliedCommit, Is.EqualTo(good));

        _proxy.Faults.Clear();

        await _world.ReadyAsync(next);
        await Eventually.GetsAsync(() => _world.ConfigMapAsync("a"));
        Assert.That(await _world.ConfigMapAsync("b"), Is.Not.Null);
    }

    [Test]
    public async Task A_server_set_back_to_an_older_state_is_brought_forward_again()
    {
        await _world.GoodAsync();
        var backup = Path.Combine(_world.Git.Root, "backup");
        await _world.Cluster.RestartAsync(folder => Copy(folder, backup));
        for (var i = 0; i < 5; i++)
        {
            _world.Git.Write($"b{i}.yaml", SourceWorld.ConfigMap($"b{i}"));
        }

        var second = _world.Git.Write("a.yaml", SourceWorld.ConfigMap("a", "2")).Commit();
        await _world.ReadyAsync(second);
        await _world.VisitAsync();

        await _world.Cluster.RestartAsync(folder =>
        {
            Directory.Delete(folder, recursive: true);
            Copy(backup, folder);
        });

        await Eventually.GetsAsync(() => _world.ConfigMapAsync("b4"), within: TimeSpan.FromSeconds(60));
        await Eventually.GetsAsync(() => _world.ConfigMapAsync("a"), a => a.Object("data").String("key") == "2", TimeSpan.FromSeconds(60));

        await _world.VisitAsync();
        await _world.ReadyAsync(second);

        // What was made again is also known to be ours again: it goes when it leaves Git, whoever looks.
        await Eventually.GetsAsync(
            () => _world.Client.GetAsync(SourceInventory.Definition, ObjectKey.Cluster($"{SourceWorld.Root}-0"), default),
            inventory => inventory.ToJsonString().Contains("|work|b3", StringComparison.Ordinal));
        await _world.StopOperatorAsync();
        _world.Git.Remove("b3.yaml").Commit();
        await _world.StartOperatorAsync();
        await Eventually.HoldsAsync(async () => await _world.ConfigMapAsync("b3") is null);
    }

    [Test]
    public async Task A_webhook_that_is_down_keeps_the_revision_waiting_and_what_is_in_force_kept()
    {
        var good = await _world.GoodAsync();
        _proxy.Faults.Inject(r => r.Query.Contains("dryRun=All", StringComparison.Ordinal), Fault.InternalError);
        var next = _world.Git.Write("p.yaml", "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: work}\nspec: {podSelector: {}}\n").Commit();

        await _world.RefusedAsync(good, "NotJudged", "the API server does not let the repository be judged: injected fault: InternalError");

        await _world.IsKeptAsync("a");
        _proxy.Faults.Clear();
        await _world.ReadyAsync(next);
    }

    [TestCase(HttpStatusCode.Forbidden, "Forbidden")]
    [TestCase(HttpStatusCode.ServiceUnavailable, "ServiceUnavailable")]
    public async Task A_kind_that_the_server_does_not_list_is_pending_and_the_others_are_kept(HttpStatusCode code, string reason)
    {
        await _world.GoodAsync();
        _proxy.Faults.Inject(
            r => r.Method == "GET" && r.Path.EndsWith("/networkpolicies", StringComparison.Ordinal), new Fault.Answer(code, reason));
        var next = _world.Git.Write("p.yaml", "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: work}\nspec: {podSelector: {}}\n")
            .Write("a.yaml", SourceWorld.ConfigMap("a", "2")).Commit();

        var source = await _world.StatusAsync(s => s.Status!.PendingCount == 1);

        Assert.That(source.Status!.Pending!.Single().Object, Is.EqualTo("NetworkPolicy work/p"));
        Assert.That(source.Status.Pending!.Single().Message, Does.Contain($"injected fault: {reason}"));
        await _world.IsKeptAsync("a", "2");
        _proxy.Faults.Clear();
        await _world.VisitAsync();
        await _world.ReadyAsync(next);
    }

    [Test]
    [Category("Faults")]
    public async Task A_write_that_is_never_answered_is_given_up_and_pending_alone()
    {
        _proxy.Faults.Inject(r => r.Method == "PATCH" && r.Path.EndsWith("/configmaps/c07", StringComparison.Ordinal), new Fault.Hang());
        for (var i = 0; i < 30; i++)
        {
            _world.Git.Write($"c{i:00}.yaml", SourceWorld.ConfigMap($"c{i:00}"));
        }

        var commit = _world.Git.Commit();
        await Eventually.HoldsAsync(async () => await _world.ConfigMapAsync("c29") is not null);
        await Eventually.HoldsAsync(
            async () => (await _world.GetSourceAsync()).Status is { PendingCount: 1 } status && status.Pending![0].Message.Contains("was not answered within 65 s", StringComparison.Ordinal),
            TimeSpan.FromSeconds(100));

        _proxy.Faults.Clear();
        await _world.ReadyAsync(commit);
    }

    private static void Copy(string from, string to)
    {
        foreach (var folder in Directory.GetDirectories(from, "*", SearchOption.AllDirectories).Prepend(from))
        {
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
        }
    }
}
