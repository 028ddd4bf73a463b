using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Kubernetes.Stores;
using Portcullis.Objects;
using Portcullis.Objects.Json;

namespace Portcullis.Kubernetes.Tests.Stores;

internal sealed class StoreTests
{
    private static readonly ApiResource Bindings = new("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings", Namespaced: true);

    private readonly UntypedStore _store = new(Bindings, new StoreOptions<JsonObject>().IndexLabel("owner", "owner").IndexNamespace());

    [TestCase("""{"metadata":{"managedFields":[{"a":1}],"name":"x","resourceVersion":"1"},"b":2}""", """{"metadata":{"name":"x","resourceVersion":"1"},"b":2}""")]
    [TestCase("""{"metadata":{"name":"x","managedFields":[{"a":1}],"resourceVersion":"1"}}""", """{"metadata":{"name":"x","resourceVersion":"1"}}""")]
    [TestCase("""{"metadata":{"name":"x","resourceVersion":"1", "managedFields":[{"a":1}]}}""", """{"metadata":{"name":"x","resourceVersion":"1"}}""")]
    [TestCase("""{"metadata":{"managedFields":[]}}""", """{"metadata":{}}""")]
    [TestCase("""{"metadata":{"name":"x"}}""", """{"metadata":{"name":"x"}}""")]
    public void Managed_fields_are_cut_out_wherever_they_stand(string given, string kept)
    {
        var bytes = Encoding.UTF8.GetBytes(given);
        Assert.That(Encoding.UTF8.GetString(ObjectScan.Of(bytes).Cut(bytes)), Is.EqualTo(kept));
    }

    [Test]
    public void Objects_are_found_by_index_also_after_they_moved()
    {
        Put("one", "ann", "1");
        Put("two", "ann", "2");
        Put("two", "bob", "3");
        Assert.That(Names(_store.Find("owner", "ann")), Is.EqualTo(new[] { "one" }));
        Assert.That(Names(_store.Find("owner", "bob")), Is.EqualTo(new[] { "two" }));
        _store.Remove(new ObjectKey("team", "one"), "9", initial: false);
        Assert.That(_store.Find("owner", "ann"), Is.Empty);
        Assert.That(Names(_store.Find("namespace", "team")), Is.EqualTo(new[] { "two" }));
        Assert.That(() => _store.Find("colour", "red"), Throws.ArgumentException.With.Message.Contains("no index 'colour'"));
    }

    [Test]
    public void Each_reader_has_a_copy_of_its_own_with_kind_and_version()
    {
        Put("one", "ann", "1");
        var first = _store.Get(new ObjectKey("team", "one"))!;
        first["spoiled"] = true;
        var second = _store.List().Single();
        Assert.That(second.ContainsKey("spoiled"), Is.False);
        Assert.That((second.String("apiVersion"), second.String("kind")), Is.EqualTo(("rbac.authorization.k8s.io/v1", "RoleBinding")));
    }

    [Test]
    public void Observers_hear_of_changes_in_order_and_of_the_same_version_not_twice()
    {
        var heard = new List<string>();
        var subscription = _store.Subscribe(c => heard.Add($"{Owner(c.Before)}->{Owner(c.After)}"));
        Put("one", "ann", "1");
        Put("one", "ann", "1");
        Put("one", "bob", "2");
        _store.Remove(new ObjectKey("team", "one"), "9", initial: false);
        subscription.Dispose();
        Put("one", "eve", "3");
        Assert.That(heard, Is.EqualTo(new[] { "->ann", "ann->bob", "bob->" }));
    }

    private static string? Owner(JsonObject? value) => value.Object("metadata").Object("labels").String("owner");

    private static string[] Names(IEnumerable<JsonObject> values) => [.. values.Select(v => v.Object("metadata").String("name")!)];

    private void Put(string name, string owner, string version) => _store.Put(
        Encoding.UTF8.GetBytes($$"""{"metadata":{"name":"{{name}}","namespace":"team","resourceVersion":"{{version}}","labels":{"owner":"{{owner}}"} } }"""), initial: false);
}
