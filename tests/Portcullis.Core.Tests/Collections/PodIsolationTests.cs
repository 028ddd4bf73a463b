using System.Text.Json.Nodes;
using Portcullis.Core.Collections;

namespace Portcullis.Core.Tests.Collections;

internal sealed class PodIsolationTests
{
    [Test]
    public void A_pod_of_an_isolated_collection_gets_selector_and_toleration()
    {
        var patch = PodIsolation.Place(Pod("""{"nodeSelector":{"disk":"ssd"}}"""), "gpu", _ => null).Patch.ToJsonString();
        Assert.That(patch, Does.Contain("\"disk\":\"ssd\",\"portcullis.dev/node-pool\":\"gpu\"").And.Contain("\"effect\":\"NoSchedule\""));
    }

    [Test]
    public void A_pod_that_has_both_already_is_left_alone() =>
        Assert.That(
            PodIsolation.Place(
                Pod("""{"nodeSelector":{"portcullis.dev/node-pool":"gpu"},"tolerations":[{"key":"portcullis.dev/node-pool","value":"gpu"}]}"""), "gpu", _ => null).Patch,
            Is.Empty);

    [TestCase("""{"tolerations":[{"operator":"Exists"}]}""")]
    [TestCase("""{"tolerations":[{"key":"portcullis.dev/node-pool","operator":"Exists"}]}""")]
    public void A_stranger_that_tolerates_everything_is_kept_off_by_affinity(string spec) =>
        Assert.That(PodIsolation.Place(Pod(spec), null, _ => null).Patch.ToJsonString(), Does.Contain("DoesNotExist"));

    [TestCase("""{"nodeName":"n1"}""")]
    [TestCase("""{"nodeSelector":{"portcullis.dev/node-pool":"gpu"}}""")]
    public void A_stranger_that_names_the_nodes_is_refused(string spec) =>
        Assert.That(PodIsolation.Place(Pod(spec), null, _ => "gpu").Refusal, Is.Not.Null);

    [Test]
    public void An_ordinary_pod_of_an_ordinary_collection_is_not_touched() =>
        Assert.That(PodIsolation.Place(Pod("""{"nodeName":"n2"}"""), null, _ => null), Is.EqualTo(new PodPlacement([])).Using<PodPlacement>((a, b) => a.Patch.Count == b.Patch.Count && a.Refusal == b.Refusal));

    [Test]
    public void A_toleration_may_not_come_later()
    {
        var before = Pod("{}");
        var after = Pod("""{"tolerations":[{"operator":"Exists"}]}""");
        Assert.That(PodIsolation.GainsToleration(before, after, null), Is.True);
        Assert.That(PodIsolation.GainsToleration(after, after, null), Is.False);
        Assert.That(PodIsolation.GainsToleration(before, after, "gpu"), Is.False);
    }

    private static JsonObject Pod(string spec) => new() { ["kind"] = "Pod", ["spec"] = JsonNode.Parse(spec) };
}
