using Portcullis.ApiServer.Admission.PodSecurity;
using Portcullis.ApiServer.Tests.Policy;

namespace Portcullis.ApiServer.Tests.Admission;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class PodSecurityPluginTests
{
    private const string Pod = """{"metadata":{"name":"p","namespace":"a"},"spec":{"containers":[{"name":"c","image":"x"}]}}""";
    private readonly MemoryObjectStore _store = new();

    private PodSecurityPlugin Plugin => new(_store);

    [Test]
    public void Refuses_a_pod_in_the_recorded_words()
    {
        var step = Recordings.Steps("small-kinds.json")[20];
        Namespace("case-small", """ "pod-security.kubernetes.io/enforce":"restricted" """);
        var body = step.RequestBody().DeepClone().AsObject();
        body["metadata"]!["namespace"] = "case-small";
        Assert.That(Plugin.Run(Requests.Create(Requests.Pods, Requests.Json(body)))!.Message, Is.EqualTo((string?)step.ResponseBody()["message"]));
    }

    [Test]
    public void Warns_of_a_workload_and_lets_it_through()
    {
        Namespace("a", """ "pod-security.kubernetes.io/enforce":"restricted" """);
        var request = Requests.Create(
            Requests.Deployments, """{"metadata":{"name":"d","namespace":"a"},"spec":{"template":{"spec":{"containers":[{"name":"c"}]}}}}""");
        Assert.That(Plugin.Run(request), Is.Null);
        Assert.That(request.Warnings.Single(), Does.StartWith("would violate PodSecurity \"restricted:latest\": allowPrivilegeEscalation != false"));
    }

    [Test]
    public void Enforces_one_level_and_warns_of_another()
    {
        Namespace("a", """ "pod-security.kubernetes.io/enforce":"baseline","pod-security.kubernetes.io/warn":"restricted","pod-security.kubernetes.io/warn-version":"v1.30" """);
        var request = Requests.Create(Requests.Pods, Pod);
        Assert.That(Plugin.Run(request), Is.Null);
        Assert.That(request.Warnings.Single(), Does.StartWith("would violate PodSecurity \"restricted:v1.30\": "));
    }

    [Test]
    public void Asks_nothing_where_no_label_asks()
    {
        Namespace("a", "");
        var request = Requests.Create(Requests.Pods, Pod);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Plugin.Run(request), Is.Null);
            Assert.That(request.Warnings, Is.Empty);
        }
    }

    [Test]
    public void Refuses_a_label_that_means_nothing()
    {
        var denied = Plugin.Run(Requests.Create(
            Requests.Namespaces, """{"metadata":{"name":"a","labels":{"pod-security.kubernetes.io/enforce":"strict"}}}"""));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(denied!.Code, Is.EqualTo(422));
            Assert.That(denied.Message, Does.Contain("must be one of privileged, baseline, restricted"));
        }
    }

    [Test]
    public void Tells_of_pods_that_a_stricter_level_no_longer_likes()
    {
        _ = _store.Put(Requests.Pods, Pod);
        _ = _store.Put(Requests.Pods, Pod.Replace("\"p\"", "\"q\"", StringComparison.Ordinal));
        var request = Requests.Update(
            Requests.Namespaces,
            """{"metadata":{"name":"a"}}""",
            """{"metadata":{"name":"a","labels":{"pod-security.kubernetes.io/enforce":"restricted"}}}""");
        Assert.That(Plugin.Run(request), Is.Null);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(request.Warnings[0], Is.EqualTo("existing pods in namespace \"a\" violate the new PodSecurity enforce level \"restricted:latest\""));
            Assert.That(request.Warnings[1], Does.StartWith("p (and 1 other pod): allowPrivilegeEscalation != false"));
        }
    }

    private void Namespace(string name, string labels) =>
        _ = _store.Put(Requests.Namespaces, $$$"""{ "metadata": { "name": "{{{name}}}", "labels": { {{{labels}}} } } }""");
}
