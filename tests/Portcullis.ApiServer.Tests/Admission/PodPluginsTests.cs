using System.Text.Json.Nodes;
using Portcullis.ApiServer.Admission;
using Portcullis.ApiServer.Tests.Policy;

namespace Portcullis.ApiServer.Tests.Admission;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class PodPluginsTests
{
    private const string Pod = """{"metadata":{"name":"p","namespace":"a"},"spec":{"containers":[]}}""";
    private readonly MemoryObjectStore _store = new();

    [Test]
    public void Gives_a_pod_the_default_account_and_its_pull_secrets()
    {
        _ = _store.Put(Requests.ServiceAccounts, """{"metadata":{"name":"default","namespace":"a"},"imagePullSecrets":[{"name":"s"}]}""");
        var request = Requests.Create(Requests.Pods, Pod);
        Assert.That(new ServiceAccountPlugin(_store).Run(request), Is.Null);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((string?)request.Object!["spec"]!["serviceAccountName"], Is.EqualTo("default"));
            Assert.That((string?)request.Object["spec"]!["imagePullSecrets"]![0]!["name"], Is.EqualTo("s"));
        }
    }

    [Test]
    public void Refuses_an_account_that_is_not_there() => Assert.That(
        new ServiceAccountPlugin(_store).Run(Requests.Create(Requests.Pods, Pod))!.Message,
        Is.EqualTo("pods \"p\" is forbidden: error looking up service account a/default: serviceaccount \"default\" not found"));

    [Test]
    public void Sets_priority_and_the_usual_tolerations()
    {
        var request = Requests.Create(Requests.Pods, Pod);
        Assert.That(new PodDefaultsPlugin(_store).Run(request), Is.Null);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((long?)request.Object!["spec"]!["priority"], Is.Zero);
            Assert.That(request.Object["spec"]!["tolerations"]!.AsArray(), Has.Count.EqualTo(2));
            Assert.That(
                new PodDefaultsPlugin(_store).Run(Requests.Create(
                    Requests.Pods, """{"metadata":{"name":"p","namespace":"a"},"spec":{"priorityClassName":"gone"}}"""))!.Message,
                Is.EqualTo("pods \"p\" is forbidden: no PriorityClass with name gone was found"));
        }
    }

    [Test]
    public void Taints_a_new_node_as_recorded()
    {
        var step = Recordings.Steps("small-kinds.json")[15];
        var request = Requests.Create(Requests.Nodes, Requests.Json(step.RequestBody()));
        Assert.That(new PodDefaultsPlugin(_store).Run(request), Is.Null);
        Assert.That(JsonNode.DeepEquals(request.Object!["spec"], step.ResponseBody()["spec"]));
    }
}
