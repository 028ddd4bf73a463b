using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Core.Signing.Workloads;
using Portcullis.Objects.Json;
using Portcullis.Objects.Yaml;

namespace Portcullis.Core.Tests.Signing;

/// <summary>Which images are in pods and templates of pods, and which of them somebody must decide on.</summary>
internal sealed class WorkloadImagesTests
{
    private static JsonObject Object(string yaml) => (JsonObject)KubernetesYaml.Read(Encoding.UTF8.GetBytes(yaml)).Documents.Single().Root;

    private static string[] ImagesOf(string yaml) => [.. WorkloadImages.Of(Object(yaml))!.Select(u => $"{u.Pointer} {u.Image}")];

    private static string?[] ToJudge(string kind, string before, string after)
    {
        static string Wrap(string kind, string spec) => kind == "Pod"
            ? $"{{kind: Pod, spec: {spec}}}"
            : $"{{kind: {kind}, spec: {{template: {{spec: {spec}}}}}}}";
        return [.. WorkloadImages.ToJudge(Object(Wrap(kind, after)), Object(Wrap(kind, before)))!.Select(u => u.Image)];
    }

    [Test]
    public void Containers_of_every_list_and_volumes_made_of_images_count() => Assert.That(
        ImagesOf("""
            kind: Pod
            spec:
              containers: [{name: a, image: one}, {name: b, image: two}]
              initContainers: [{name: c, image: three}]
              ephemeralContainers: [{name: d, image: four}]
              volumes: [{name: v, emptyDir: {}}, {name: w, image: {reference: five}}]
            """),
        Is.EqualTo(new[]
        {
            "/spec/initContainers/0/image three", "/spec/containers/0/image one", "/spec/containers/1/image two",
            "/spec/ephemeralContainers/0/image four", "/spec/volumes/1/image/reference five",
        }));

    [TestCase("Deployment", "{spec: {template: {spec: {containers: [{image: a}]}}}}", "/spec/template/spec/containers/0/image a")]
    [TestCase("ReplicaSet", "{spec: {template: {spec: {containers: [{image: a}]}}}}", "/spec/template/spec/containers/0/image a")]
    [TestCase("StatefulSet", "{spec: {template: {spec: {containers: [{image: a}]}}}}", "/spec/template/spec/containers/0/image a")]
    [TestCase("DaemonSet", "{spec: {template: {spec: {containers: [{image: a}]}}}}", "/spec/template/spec/containers/0/image a")]
    [TestCase("Job", "{spec: {template: {spec: {initContainers: [{image: a}]}}}}", "/spec/template/spec/initContainers/0/image a")]
    [TestCase("ReplicationController", "{spec: {template: {spec: {containers: [{image: a}]}}}}", "/spec/template/spec/containers/0/image a")]
    [TestCase("CronJob", "{spec: {jobTemplate: {spec: {template: {spec: {containers: [{image: a}]}}}}}}", "/spec/jobTemplate/spec/template/spec/containers/0/image a")]
    [TestCase("PodTemplate", "{template: {spec: {containers: [{image: a}]}}}", "/template/spec/containers/0/image a")]
    public void Every_kind_that_makes_pods_is_known(string kind, string body, string image)
    {
        var value = Object(body);
        value["kind"] = kind;
        Assert.That(WorkloadImages.Of(value)!.Select(u => $"{u.Pointer} {u.Image}"), Is.EqualTo(new[] { image }));
    }

    [TestCase("{kind: Rollout, spec: {template: {spec: {containers: [{image: a}]}}}}")]
    [TestCase("{kind: CronJob, spec: {template: {spec: {containers: [{image: a}]}}}}")]
    [TestCase("{kind: Deployment, spec: {}}")]
    [TestCase("{spec: {containers: [{image: a}]}}")]
    [TestCase("{kind: Pod}")]
    public void What_is_not_known_to_hold_pods_is_not_taken_for_an_object_without_images(string yaml) => Assert.That(WorkloadImages.Of(Object(yaml)), Is.Null);

    [TestCase("{kind: Pod, spec: {containers: [{name: a}]}}")]
    [TestCase("{kind: Pod, spec: {containers: [{name: a, image: 7}]}}")]
    [TestCase("{kind: Pod, spec: {containers: [text]}}")]
    [TestCase("{kind: Pod, spec: {containers: {name: a, list: none}}}")]
    [TestCase("{kind: Pod, spec: {volumes: [{name: a, image: {}}]}}")]
    public void A_container_whose_image_cannot_be_read_is_one_without_an_image(string yaml) =>
        Assert.That(WorkloadImages.Of(Object(yaml))!.Select(u => u.Image), Is.EqualTo(new string?[] { null }));

    [Test]
    public void A_template_with_the_images_it_had_is_not_judged_whatever_else_changes()
    {
        Assert.That(ToJudge("Deployment", "{containers: [{name: a, image: x}]}", "{containers: [{name: a, image: x, command: [sh]}]}"), Is.Empty);
        Assert.That(ToJudge("Deployment", "{containers: [{name: a, image: x}, {name: b, image: y}]}", "{containers: [{name: b, image: y}, {name: a, image: x}]}"), Is.Empty);
    }

    [TestCase("{containers: [{name: a, image: x}, {name: b, image: z}]}", Description = "another image")]
    [TestCase("{containers: [{name: a, image: x}, {name: b, image: y}, {name: c, image: x}]}", Description = "a container more, with an image that is there")]
    [TestCase("{containers: [{name: a, image: x}]}", Description = "a container less")]
    [TestCase("{containers: [{name: a, image: x}], initContainers: [{name: b, image: y}]}", Description = "in another list")]
    [TestCase("{containers: [{name: a, image: y}, {name: b, image: x}]}", Description = "the images exchanged")]
    public void A_template_that_makes_other_pods_is_judged_whole(string after) =>
        Assert.That(ToJudge("StatefulSet", "{containers: [{name: a, image: x}, {name: b, image: y}]}", after), Has.Length.GreaterThanOrEqualTo(1).And.Contain("x"));

    [Test]
    public void Of_a_pod_that_is_there_only_what_is_new_is_judged()
    {
        Assert.That(ToJudge("Pod", "{containers: [{name: a, image: x}]}", "{containers: [{name: a, image: x}], ephemeralContainers: [{name: d, image: debug}]}"), Is.EqualTo(new[] { "debug" }));
        Assert.That(ToJudge("Pod", "{containers: [{name: a, image: x}]}", "{containers: [{name: a, image: x}, {name: b, image: x}]}"), Is.EqualTo(new[] { "x" }));
        Assert.That(ToJudge("Pod", "{containers: [{name: a, image: x}, {name: b, image: y}]}", "{containers: [{name: a, image: z}, {name: b, image: y}]}"), Is.EqualTo(new[] { "z" }));
        Assert.That(ToJudge("Pod", "{containers: [{name: a, image: x}]}", "{containers: [{name: a, image: x}]}"), Is.Empty);
    }

    [Test]
    public void Without_an_old_object_that_can_be_read_everything_is_judged()
    {
        var pod = Object("{kind: Pod, spec: {containers: [{name: a, image: x}]}}");
        Assert.That(WorkloadImages.ToJudge(pod, null), Has.Count.EqualTo(1));
        Assert.That(WorkloadImages.ToJudge(pod, []), Has.Count.EqualTo(1));
    }

    [Test]
    public void Thousands_of_containers_take_no_time()
    {
        var containers = new JsonArray([.. Enumerable.Range(0, 20_000).Select(i => (JsonNode)new JsonObject { ["name"] = $"c{i}", ["image"] = "x:1" })]);
        var pod = new JsonObject { ["kind"] = "Pod", ["spec"] = new JsonObject { ["containers"] = containers } };
        var started = Stopwatch.GetTimestamp();
        Assert.That(WorkloadImages.ToJudge(pod, (JsonObject)pod.DeepClone()), Is.Empty);
        Assert.That(Stopwatch.GetElapsedTime(started), Is.LessThan(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public void The_patch_replaces_the_images_that_are_named_otherwise()
    {
        var uses = WorkloadImages.Of(Object("{kind: Pod, spec: {containers: [{name: a, image: x}, {name: b, image: y@d}], volumes: [{name: v, image: {reference: z}}]}}"))!;
        var patch = ImagePatch.Of(uses.Zip((string?[])["x@d", "y@d", "z@d"]));
        Assert.That(KubernetesJson.ToText(patch), Is.EqualTo(
            """[{"op":"replace","path":"/spec/containers/0/image","value":"x@d"},{"op":"replace","path":"/spec/volumes/0/image/reference","value":"z@d"}]"""));
    }
}
