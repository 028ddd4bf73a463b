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
    public void The_template_of_a_daemon_set_says_itself_on_which_nodes_its_pods_may_run()
    {
        static JsonObject DaemonSet(string spec) => new() { ["spec"] = new JsonObject { ["template"] = Pod(spec) } };
        Assert.That(
            PodIsolation.PlaceTemplate(DaemonSet("{}"), "gpu", _ => null).Patch.Select(p => p!["path"]!.GetValue<string>()),
            Is.EqualTo(new[] { "/spec/template/spec/nodeSelector", "/spec/template/spec/tolerations" }));
        Assert.That(
            PodIsolation.PlaceTemplate(DaemonSet("""{"tolerations":[{"operator":"Exists"}]}"""), null, _ => null).Patch.Single()!["path"]!.GetValue<string>(),
            Is.EqualTo("/spec/template/spec/affinity"));
        Assert.That(
            PodIsolation.PlaceTemplate(DaemonSet("""{"nodeSelector":{"portcullis.dev/node-pool":"gpu"}}"""), null, _ => "gpu").Refusal,
            Does.StartWith("spec.template.spec.nodeSelector: "));
    }

    [Test]
    public void A_toleration_may_not_come_later()
    {
        var before = Pod("{}");
        var after = Pod("""{"tolerations":[{"operator":"Exists"}]}""");
        Assert.That(PodIsolation.GainsToleration(before, after, null), Is.True);
        Assert.That(PodIsolation.GainsToleration(after, after, null), Is.False);
        Assert.That(PodIsolation.GainsToleration(before, after, "gpu"), Is.False);
    }

    [Test]
    public void One_toleration_among_others_is_enough()
    {
        var (before, after) = (Pod("""{"tolerations":[{"key":"other"}]}"""), Pod("""{"tolerations":[{"key":"other"},{"operator":"Exists"}]}"""));
        Assert.That(PodIsolation.GainsToleration(before, after, null), Is.True);
        Assert.That(PodIsolation.GainsToleration(after, after, null), Is.False);
        Assert.That(PodIsolation.Place([], null, _ => null).Patch.Count, Is.Zero, "a pod without a spec");
    }

    [TestCase("{}", "gpu",
        """[{"op":"add","path":"/spec/nodeSelector","value":{"portcullis.dev/node-pool":"gpu"}},{"op":"add","path":"/spec/tolerations","value":[{"key":"portcullis.dev/node-pool","operator":"Equal","value":"gpu","effect":"NoSchedule"}]}]""")]
    [TestCase("""{"nodeSelector":{"portcullis.dev/node-pool":"gpu"}}""", "gpu",
        """[{"op":"add","path":"/spec/tolerations","value":[{"key":"portcullis.dev/node-pool","operator":"Equal","value":"gpu","effect":"NoSchedule"}]}]""")]
    [TestCase("""{"nodeSelector":{"disk":"ssd"},"tolerations":[{"key":"portcullis.dev/node-pool","value":"gpu"}]}""", "gpu",
        """[{"op":"add","path":"/spec/nodeSelector","value":{"disk":"ssd","portcullis.dev/node-pool":"gpu"}}]""")]
    [TestCase("""{"nodeSelector":{"portcullis.dev/node-pool":"gpu"},"tolerations":[{"key":"portcullis.dev/node-pool","value":"old"},{"key":"x","value":"gpu"}]}""", "gpu",
        """[{"op":"add","path":"/spec/tolerations","value":[{"key":"portcullis.dev/node-pool","value":"old"},{"key":"x","value":"gpu"},{"key":"portcullis.dev/node-pool","operator":"Equal","value":"gpu","effect":"NoSchedule"}]}]""")]
    [TestCase("{}", null, "[]")]
    [TestCase("""{"tolerations":[{"key":"other","operator":"Exists"}]}""", null, "[]")]
    [TestCase("""{"tolerations":[{"operator":"Exists"}]}""", null,
        """[{"op":"add","path":"/spec/affinity","value":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"portcullis.dev/node-pool","operator":"DoesNotExist"}]}]}}}}]""")]
    [TestCase("""{"tolerations":[{"key":"other"},{"key":""}],"affinity":{"podAffinity":{},"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[]}}}}""", null,
        """[{"op":"add","path":"/spec/affinity","value":{"podAffinity":{},"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"portcullis.dev/node-pool","operator":"DoesNotExist"}]}]}}}}]""")]
    [TestCase("""{"tolerations":[{"operator":"Exists"}],"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"zone","operator":"In","values":["a"]},{"key":"portcullis.dev/node-pool","operator":"Exists"}]},{"matchFields":[]}]}}}}""", null,
        """[{"op":"add","path":"/spec/affinity","value":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"zone","operator":"In","values":["a"]},{"key":"portcullis.dev/node-pool","operator":"Exists"},{"key":"portcullis.dev/node-pool","operator":"DoesNotExist"}]},{"matchFields":[],"matchExpressions":[{"key":"portcullis.dev/node-pool","operator":"DoesNotExist"}]}]}}}}]""")]
    [TestCase("""{"tolerations":[{"operator":"Exists"}],"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"portcullis.dev/node-pool","operator":"DoesNotExist"}]}]}}}}""", null, "[]")]
    public void A_pod_gets_exactly_what_keeps_it_in_its_place(string spec, string? pool, string patch) =>
        Assert.That(PodIsolation.Place(Pod(spec), pool, _ => null).Patch.ToJsonString(), Is.EqualTo(patch));

    [TestCase("""{"nodeName":"n1"}""", "gpu", "gpu", null)]
    [TestCase("""{"nodeName":"n1"}""", "gpu", null, "spec.nodeName: the node n1 is not for pods of this collection")]
    [TestCase("""{"nodeName":"n1"}""", null, "gpu", "spec.nodeName: the node n1 is not for pods of this collection")]
    [TestCase("""{"nodeName":""}""", null, "gpu", null)]
    [TestCase("""{"nodeSelector":{"portcullis.dev/node-pool":"other"}}""", "gpu", null, "spec.nodeSelector: the nodes of the pool other are not for pods of this collection")]
    [TestCase("""{"nodeSelector":{"portcullis.dev/node-pool":"gpu"}}""", "gpu", null, null)]
    [TestCase("""{"nodeSelector":{"disk":"ssd"}}""", null, null, null)]
    public void A_pod_may_ask_for_nodes_of_its_own_pool_alone(string spec, string? pool, string? poolOfNode, string? refusal) =>
        Assert.That(PodIsolation.Place(Pod(spec), pool, _ => poolOfNode).Refusal, Is.EqualTo(refusal));

    private static JsonObject Pod(string spec) => new() { ["kind"] = "Pod", ["spec"] = JsonNode.Parse(spec) };
}
