using System.Text.Json.Nodes;
using Portcullis.ApiServer.Admission;
using Portcullis.ApiServer.Tests.Policy;

namespace Portcullis.ApiServer.Tests.Admission;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class LimitRangerTests
{
    private readonly MemoryObjectStore _store = new();

    private LimitRanger Plugin => new(_store);

    [Test]
    public void Fills_in_what_a_container_leaves_open_and_says_so()
    {
        Range("""{"type":"Container","default":{"memory":"64Mi"},"defaultRequest":{"cpu":"10m","memory":"32Mi"}}""");
        var request = Pod("""{"requests":{"cpu":"20m"}}""");
        Assert.That(Plugin.Run(request), Is.Null);
        var container = request.Object!["spec"]!["containers"]![0]!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                JsonNode.DeepEquals(container["resources"], JsonNode.Parse("""{"requests":{"cpu":"20m","memory":"32Mi"},"limits":{"memory":"64Mi"}}""")));
            Assert.That(
                (string?)request.Object["metadata"]!["annotations"]!["kubernetes.io/limit-ranger"],
                Is.EqualTo("LimitRanger plugin set: memory request for container c; memory limit for container c"));
        }
    }

    [TestCase("""{"type":"Container","min":{"cpu":"100m"}}""", """{"requests":{"cpu":"50m"}}""", "minimum cpu usage per Container is 100m, but request is 50m")]
    [TestCase("""{"type":"Container","min":{"cpu":"100m"}}""", "{}", "minimum cpu usage per Container is 100m.  No request is specified")]
    [TestCase("""{"type":"Container","max":{"cpu":"1"}}""", """{"limits":{"cpu":"2"}}""", "maximum cpu usage per Container is 1, but limit is 2")]
    [TestCase("""{"type":"Pod","max":{"memory":"1Gi"}}""", """{"limits":{"memory":"2Gi"}}""", "maximum memory usage per Pod is 1Gi, but limit is 2Gi")]
    [TestCase(
        """{"type":"Container","maxLimitRequestRatio":{"cpu":"2"}}""",
        """{"requests":{"cpu":"1"},"limits":{"cpu":"4"}}""",
        "cpu max limit to request ratio per Container is 2, but provided ratio is 4.000000")]
    public void Refuses_what_lies_outside_the_range(string range, string resources, string words)
    {
        Range(range);
        Assert.That(Plugin.Run(Pod(resources))!.Message, Is.EqualTo($"pods \"p\" is forbidden: {words}"));
    }

    [Test]
    public void Names_every_problem_at_once()
    {
        Range("""{"type":"Container","max":{"cpu":"1","memory":"1Gi"}}""");
        Assert.That(
            Plugin.Run(Pod("""{"limits":{"cpu":"2","memory":"2Gi"}}"""))!.Message,
            Does.EndWith("[maximum cpu usage per Container is 1, but limit is 2, maximum memory usage per Container is 1Gi, but limit is 2Gi]"));
    }

    [Test]
    public void A_limit_range_is_completed_as_recorded()
    {
        var step = Recordings.Steps("small-kinds.json")[13];
        var value = step.RequestBody().DeepClone().AsObject();
        new LimitRangeRules().ApplyDefaults(value);
        Assert.That(JsonNode.DeepEquals(value["spec"], step.ResponseBody()["spec"]), Requests.Json(value));
    }

    [Test]
    public void A_limit_range_that_contradicts_itself_is_refused()
    {
        var value = JsonNode.Parse("""{"spec":{"limits":[{"type":"Container","min":{"cpu":"2"},"max":{"cpu":"1"}}]}}""")!.AsObject();
        Assert.That(
            new LimitRangeRules().Validate(value, null).Select(error => error.ToString()),
            Does.Contain("spec.limits[0].min[cpu]: Invalid value: \"2\": min value 2 is greater than max value 1"));
    }

    private void Range(string item) =>
        _ = _store.Put(Requests.LimitRanges, $$$"""{"metadata":{"name":"l","namespace":"a"},"spec":{"limits":[{{{item}}}]}}""");

    private static Portcullis.ApiServer.Admission.AdmissionAttributes Pod(string resources) => Requests.Create(
        Requests.Pods, $$$"""{"metadata":{"name":"p","namespace":"a"},"spec":{"containers":[{"name":"c","resources":{{{resources}}}}]}}""");
}
