using System.Text.Json.Nodes;
using Portcullis.ApiServer.Admission;
using Portcullis.ApiServer.Admission.Quotas;
using Portcullis.ApiServer.Tests.Policy;
using Portcullis.Objects;
using Portcullis.Testing;

namespace Portcullis.ApiServer.Tests.Admission;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ResourceQuotaPluginTests
{
    private readonly MemoryObjectStore _store = new();
    private readonly ManualTimeProvider _time = new();
    private ResourceQuotaPlugin _plugin = null!;

    [SetUp]
    public void SetUp() => _plugin = new ResourceQuotaPlugin(_store, new QuotaLedger(_store, _time));

    [Test]
    public void Refuses_one_more_than_the_quota_allows()
    {
        Quota("q", """{"pods":"1"}""");
        _ = _store.Put(Requests.Pods, Pod("one"));
        Assert.That(
            _plugin.Run(Requests.Create(Requests.Pods, Pod("two")))!.Message,
            Is.EqualTo("pods \"two\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1"));
    }

    [TestCase("requests.cpus", false)]
    [TestCase("limits.pods", false)]
    [TestCase("requests.ephemeral-storage", true)]
    [TestCase("requests.nvidia.com/gpu", true)]
    public void A_quota_bounds_what_Kubernetes_knows_and_nothing_else(string name, bool known)
    {
        var quota = new JsonObject { ["spec"] = new JsonObject { ["hard"] = new JsonObject { [name] = "1" } } };
        Assert.That(
            new ResourceQuotaRules().Validate(quota, null).Select(e => e.ToString()),
            known ? Is.Empty : Has.Exactly(1).Contains("must be a standard resource for quota"));
    }

    [Test]
    public void Two_creates_under_way_cannot_both_take_the_last_place()
    {
        Quota("q", """{"configmaps":"1"}""");
        Assert.That(_plugin.Run(Map("one")), Is.Null, "promised, not stored yet");
        Assert.That(_plugin.Run(Map("two"))!.Message, Does.Contain("exceeded quota: q, requested: configmaps=1, used: configmaps=1, limited: configmaps=1"));
    }

    [Test]
    public void A_stored_object_is_counted_once_and_a_deleted_one_no_more()
    {
        Quota("q", """{"count/configmaps":"2"}""");
        Assert.That(_plugin.Run(Map("one")), Is.Null);
        _ = _store.Put(Requests.ConfigMaps, """{"metadata":{"name":"one","namespace":"a"}}""");
        Assert.That(_plugin.Run(Map("two")), Is.Null);
        _ = _store.Put(Requests.ConfigMaps, """{"metadata":{"name":"two","namespace":"a"}}""");
        Assert.That(_plugin.Run(Map("three")), Is.Not.Null);
        _store.Delete(Requests.ConfigMaps, new ObjectKey("a", "one"));
        Assert.That(_plugin.Run(Map("three")), Is.Null);
    }

    [Test]
    public void The_promise_to_a_create_that_failed_later_ends()
    {
        Quota("q", """{"configmaps":"1"}""");
        Assert.That(_plugin.Run(Map("one")), Is.Null);
        Assert.That(_plugin.Run(Map("one")), Is.Null, "the same name tried again takes the same place");
        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.That(_plugin.Run(Map("two")), Is.Null);
    }

    [Test]
    public void A_dry_run_takes_no_place()
    {
        Quota("q", """{"configmaps":"1"}""");
        Assert.That(_plugin.Run(Map("one") with { DryRun = true }), Is.Null);
        Assert.That(_plugin.Run(Map("two")), Is.Null);
    }

    [Test]
    public void Adds_up_what_pods_ask_for()
    {
        Quota("q", """{"requests.cpu":"1","limits.memory":"1Gi"}""");
        _ = _store.Put(Requests.Pods, Pod("one", """{"requests":{"cpu":"600m"},"limits":{"memory":"512Mi"}}"""));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_plugin.Run(Requests.Create(Requests.Pods, Pod("two", """{"requests":{"cpu":"400m"},"limits":{"memory":"512Mi"}}"""))), Is.Null);
            Assert.That(
                _plugin.Run(Requests.Create(Requests.Pods, Pod("three", """{"requests":{"cpu":"1m"},"limits":{"memory":"1Mi"}}""")))!.Message,
                Is.EqualTo(
                    "pods \"three\" is forbidden: exceeded quota: q, requested: limits.memory=1Mi,requests.cpu=1m, " +
                    "used: limits.memory=1Gi,requests.cpu=1, limited: limits.memory=1Gi,requests.cpu=1"));
        }
    }

    [Test]
    public void What_is_bounded_must_be_stated()
    {
        Quota("q", """{"limits.cpu":"1","requests.memory":"1Gi"}""");
        Assert.That(
            _plugin.Run(Requests.Create(Requests.Pods, Pod("p")))!.Message,
            Is.EqualTo("pods \"p\" is forbidden: failed quota: q: must specify limits.cpu for: c; requests.memory for: c"));
    }

    [Test]
    public void A_finished_pod_frees_its_place()
    {
        Quota("q", """{"pods":"1"}""");
        _ = _store.Put(Requests.Pods, """{"metadata":{"name":"done","namespace":"a"},"spec":{},"status":{"phase":"Succeeded"}}""");
        Assert.That(_plugin.Run(Requests.Create(Requests.Pods, Pod("two"))), Is.Null);
    }

    [Test]
    public void A_scope_narrows_the_quota_to_its_pods()
    {
        _ = _store.Put(
            Requests.Quotas, """{"metadata":{"name":"q","namespace":"a"},"spec":{"hard":{"pods":"0"},"scopes":["BestEffort"]}}""");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_plugin.Run(Requests.Create(Requests.Pods, Pod("best"))), Is.Not.Null);
            Assert.That(_plugin.Run(Requests.Create(Requests.Pods, Pod("sized", """{"requests":{"cpu":"1"}}"""))), Is.Null);
        }
    }

    [Test]
    public void Another_namespace_is_another_matter()
    {
        Quota("q", """{"configmaps":"0"}""");
        Assert.That(_plugin.Run(Requests.Create(Requests.ConfigMaps, """{"metadata":{"name":"x","namespace":"b"}}""")), Is.Null);
    }

    private void Quota(string name, string hard) =>
        _ = _store.Put(Requests.Quotas, $$$"""{"metadata":{"name":"{{{name}}}","namespace":"a"},"spec":{"hard":{{{hard}}}}}""");

    private static AdmissionAttributes Map(string name) => Requests.Create(Requests.ConfigMaps, $$$"""{"metadata":{"name":"{{{name}}}","namespace":"a"}}""");

    private static string Pod(string name, string resources = "{}") =>
        $$$"""{"metadata":{"name":"{{{name}}}","namespace":"a"},"spec":{"containers":[{"name":"c","resources":{{{resources}}}}]}}""";
}
