using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Portcullis.Kubernetes.Leadership;
using Portcullis.Kubernetes.Tests.Scripted;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Testing;

namespace Portcullis.Kubernetes.Tests.Leadership;

internal sealed class LeaseElectorTests : IDisposable
{
    private static readonly ApiResource Leases = new("coordination.k8s.io", "v1", "Lease", "leases", Namespaced: true);

    private readonly ScriptedApi _api = new();
    private readonly ManualTimeProvider _time = new();
    private readonly CancellationTokenSource _stop = new();

    public void Dispose()
    {
        _stop.Dispose();
        _api.Dispose();
    }

    [Test]
    public async Task The_first_leads_and_renews_and_releases_when_it_ends()
    {
        var (leads, running) = Start("one");
        await Eventually.HoldsAsync(() => leads());
        var renewed = Spec().String("renewTime");
        await Eventually.HoldsAsync(_time, TimeSpan.FromSeconds(1), () => Spec().String("renewTime") != renewed);
        Assert.That(Spec().String("holderIdentity"), Is.EqualTo("one"));
        await _stop.CancelAsync();
        await running;
        Assert.That(Spec().String("holderIdentity"), Is.Empty);
    }

    [Test]
    public async Task Another_waits_and_takes_over_once_the_lease_is_released()
    {
        using var stopFirst = new CancellationTokenSource();
        var (firstLeads, first) = Start("one", stopFirst.Token);
        await Eventually.HoldsAsync(() => firstLeads());
        var (secondLeads, second) = Start("two");
        await Eventually.HoldsAsync(() => _api.Count("GET", "/leases/portcullis") >= 2);
        Assert.That(secondLeads(), Is.False);
        await stopFirst.CancelAsync();
        await first;
        await Eventually.HoldsAsync(_time, TimeSpan.FromSeconds(1), () => secondLeads());
        Assert.That(Spec()["leaseTransitions"]!.GetValue<int>(), Is.EqualTo(1));
        await _stop.CancelAsync();
        await second;
    }

    [Test]
    public async Task A_dead_holders_lease_is_taken_after_its_duration_by_our_own_clock_whatever_its_times_say()
    {
        // The dead holder's clock was a day ahead.
        _api.Put(Leases, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "portcullis", ["namespace"] = "system" },
            ["spec"] = new JsonObject { ["holderIdentity"] = "dead", ["leaseDurationSeconds"] = 15, ["renewTime"] = "2026-01-02T00:00:00.000000Z", ["leaseTransitions"] = 4 },
        });
        var (leads, running) = Start("two");
        await Eventually.HoldsAsync(() => _time.Waiting == 1);
        var began = _time.GetUtcNow();
        await Eventually.HoldsAsync(_time, TimeSpan.FromSeconds(1), () => leads());
        Assert.That(_time.GetUtcNow() - began, Is.GreaterThanOrEqualTo(TimeSpan.FromSeconds(15)).And.LessThan(TimeSpan.FromSeconds(17)), "not a whole retry period later");
        await _stop.CancelAsync();
        await running;
    }

    [Test]
    public async Task Whoever_cannot_renew_stops_before_the_lease_runs_out()
    {
        var (leads, running) = Start("one");
        await Eventually.HoldsAsync(() => leads());
        _api.Script = _ => ScriptedApi.Status(HttpStatusCode.InternalServerError, "InternalError", "etcd is away");
        var began = _time.GetUtcNow();
        await Eventually.HoldsAsync(_time, TimeSpan.FromSeconds(1), () => running.IsCompleted);
        Assert.That(_time.GetUtcNow() - began, Is.LessThan(TimeSpan.FromSeconds(15)));
    }

    [Test]
    public async Task A_server_that_hangs_carries_no_leader_past_its_deadline()
    {
        var (leads, running) = Start("one");
        await Eventually.HoldsAsync(() => leads());
        _api.Before = (_, token) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        var began = _time.GetUtcNow();
        await Eventually.HoldsAsync(_time, TimeSpan.FromSeconds(1), () => running.IsCompleted);
        Assert.That(_time.GetUtcNow() - began, Is.LessThan(TimeSpan.FromSeconds(15)));
    }

    [Test]
    public async Task Renewing_is_one_request_each_time()
    {
        var (leads, running) = Start("one");
        await Eventually.HoldsAsync(() => leads());
        var read = _api.Count("GET", "/leases/portcullis");
        await Eventually.HoldsAsync(_time, TimeSpan.FromSeconds(1), () => _api.Count("PATCH", "/leases/portcullis") >= 3);
        Assert.That(_api.Count("GET", "/leases/portcullis"), Is.EqualTo(read));
        await _stop.CancelAsync();
        await running;
    }

    [Test]
    public async Task A_leader_whose_lease_has_a_note_from_somebody_goes_on()
    {
        var (leads, running) = Start("one");
        await Eventually.HoldsAsync(() => leads());
        var lease = _api.Find(Leases, "portcullis", "system")!;
        lease.Object("metadata")!["annotations"] = new JsonObject { ["note"] = "seen" };
        _api.Put(Leases, lease);
        var renewed = Spec().String("renewTime");
        await Eventually.HoldsAsync(_time, TimeSpan.FromSeconds(1), () => Spec().String("renewTime") != renewed);
        Assert.That((running.IsCompleted, _api.Find(Leases, "portcullis", "system").Object("metadata").Object("annotations").String("note")), Is.EqualTo((false, "seen")));
        await _stop.CancelAsync();
        await running;
    }

    [Test]
    public async Task A_leader_whose_lease_another_has_stops_at_once()
    {
        var (leads, running) = Start("one");
        await Eventually.HoldsAsync(() => leads());
        var lease = _api.Find(Leases, "portcullis", "system")!;
        lease.Object("spec")!["holderIdentity"] = "two";
        _api.Put(Leases, lease);
        var began = _time.GetUtcNow();
        await Eventually.HoldsAsync(_time, TimeSpan.FromSeconds(1), () => running.IsCompleted);
        Assert.That(_time.GetUtcNow() - began, Is.LessThan(TimeSpan.FromSeconds(5)));
        Assert.That(Spec().String("holderIdentity"), Is.EqualTo("two"));
    }

    private (Func<bool> Leads, Task Running) Start(string identity, CancellationToken? stop = null)
    {
        var leads = false;
        var elector = new LeaseElector(
            _api.Client(_time), new LeaderElectionOptions("system", "portcullis", identity), "portcullis", _time, NullLogger.Instance);
        return (() => Volatile.Read(ref leads), elector.RunAsync(() => Volatile.Write(ref leads, true), stop ?? _stop.Token));
    }

    private JsonObject Spec() => _api.Find(Leases, "portcullis", "system").Object("spec")!;
}
