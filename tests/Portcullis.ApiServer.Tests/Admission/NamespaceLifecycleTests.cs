using Portcullis.ApiServer.Admission;
using Portcullis.ApiServer.Tests.Policy;

namespace Portcullis.ApiServer.Tests.Admission;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class NamespaceLifecycleTests
{
    private readonly MemoryObjectStore _store = new();

    private NamespaceLifecycle Plugin => new(_store);

    [Test]
    public void Creates_nothing_in_a_missing_namespace()
    {
        var denied = Plugin.Run(Requests.Create(Requests.ConfigMaps, """{"metadata":{"name":"x","namespace":"a"}}"""))!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(denied.Code, Is.EqualTo(404));
            Assert.That(denied.Message, Is.EqualTo("namespaces \"a\" not found"));
        }
    }

    [Test]
    public void Creates_nothing_in_a_namespace_on_its_way_out()
    {
        _ = _store.Put(Requests.Namespaces, """{"metadata":{"name":"a","deletionTimestamp":"2026-01-01T00:00:00Z"}}""");
        var denied = Plugin.Run(Requests.Create(Requests.ConfigMaps, """{"metadata":{"name":"x","namespace":"a"}}"""))!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(denied.Message, Is.EqualTo("configmaps \"x\" is forbidden: unable to create new content in namespace a because it is being terminated"));
            Assert.That((string?)denied.Details!["causes"]![0]!["reason"], Is.EqualTo("NamespaceTerminating"));
        }
    }

    [Test]
    public void Keeps_the_namespaces_the_cluster_stands_on()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                Plugin.Run(Requests.Delete(Requests.Namespaces, """{"metadata":{"name":"default"}}"""))!.Message,
                Is.EqualTo("namespaces \"default\" is forbidden: this namespace may not be deleted"));
            Assert.That(Plugin.Run(Requests.Delete(Requests.Namespaces, """{"metadata":{"name":"mine"}}""")), Is.Null);
        }
    }
}
