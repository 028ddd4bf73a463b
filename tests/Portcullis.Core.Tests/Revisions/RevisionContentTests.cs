using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Core.Revisions;
using Portcullis.Objects.Json;
using Portcullis.Testing;

namespace Portcullis.Core.Tests.Revisions;

public class RevisionContentTests
{
    [Test]
    public void Two_files_may_not_declare_one_object()
    {
        var content = Assemble(("a.yaml", "\napiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n"), ("b.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n"));

        Assert.That(content.Problems.Select(p => p.ToString()), Is.EqualTo(new[] { "b.yaml:1: Namespace a is declared a second time; first at a.yaml:2" }));
        Assert.That(content.Objects, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_kind_that_nobody_knows_and_a_misplaced_namespace_are_told()
    {
        var content = Assemble(
            ("a.yaml", "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: a}\n"),
            ("b.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"),
            ("c.yaml", "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n  namespace: b\n"));

        Assert.That(content.Problems.Select(p => p.ToString()), Is.EqualTo(new[]
        {
            "a.yaml:2: there is no kind Widget in example.com/v1",
            "b.yaml:3: ConfigMap a: metadata.namespace: Required value",
            "c.yaml:5: Namespace b/a: metadata.namespace: Namespace is cluster-scoped and has no namespace",
        }));
    }

    [TestCase("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\n")]
    [TestCase("apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n---\n")]
    [TestCase("apiVersion: v1\n---\n")]
    [TestCase("[]\n---\n")]
    public void Of_thousands_of_problems_in_a_file_a_hundred_are_told(string document)
    {
        var content = Assemble(
            ("many.yaml", string.Concat(Enumerable.Repeat(document, 5000))),
            ("one.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n"));
        Assert.That(content.Problems.GroupBy(p => p.Position.File).ToDictionary(g => g.Key, g => g.Count()), Is.EqualTo(new Dictionary<string, int> { ["many.yaml"] = 100, ["one.yaml"] = 1 }));
    }

    [Test]
    public void What_stands_in_one_file_with_many_problems_is_known_all_the_same()
    {
        var content = Assemble(("many.yaml", string.Concat(Enumerable.Repeat("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\n", 500))
            + "apiVersion: v1\nkind: Namespace\nmetadata: {name: last}\n"));
        Assert.That(content.Objects.Single().Identity.Key.Name, Is.EqualTo("last"));
    }

    [Test]
    public void Differences_are_of_declared_fields_only()
    {
        var declared = (JsonObject)KubernetesJson.Parse("""{"kind":"X","metadata":{"labels":{"a":"1"}},"spec":{"n":1,"list":[{"name":"a"}],"empty":{},"none":null}}"""u8)!;
        var live = (JsonObject)KubernetesJson.Parse("""{"kind":"X","metadata":{"labels":{"a":"1","b":"2"},"uid":"u"},"spec":{"n":1.0,"list":[{"name":"a","default":true}],"other":1},"status":{}}"""u8)!;
        var edited = (JsonObject)KubernetesJson.Parse("""{"kind":"X","metadata":{},"spec":{"n":2,"list":[{"name":"a"},{"name":"b"}]}}"""u8)!;

        Assert.Multiple(() =>
        {
            Assert.That(FieldDifferences.Between(declared, live), Is.Empty);
            Assert.That(FieldDifferences.Between(declared, edited).Select(d => d.Path), Is.EqualTo(new[] { "metadata.labels.a", "spec.n", "spec.list" }));
        });
    }

    private static RevisionContent Assemble(params (string Path, string Text)[] files) =>
        RevisionContent.Assemble(files.Select(f => new RevisionFile(f.Path, new ManifestReader(CoreKinds.All).Read(Encoding.UTF8.GetBytes(f.Text)))), CoreKinds.All, BuiltInKinds.Find);
}
