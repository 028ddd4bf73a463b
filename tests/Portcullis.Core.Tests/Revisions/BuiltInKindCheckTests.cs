using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Core.Revisions;
using Portcullis.Objects.Json;
using Portcullis.Testing;

namespace Portcullis.Core.Tests.Revisions;

/// <summary>What is no field of a kind of Kubernetes, and who decides that.</summary>
internal sealed class BuiltInKindCheckTests
{
    private const string FromTheFuture = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b}\nspec: {containers: [{name: a}], teleportation: true}\n";

    [Test]
    public void A_field_that_only_a_newer_server_knows_is_left_to_it()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Problems(FromTheFuture, newerServer: true), Is.Empty);
            Assert.That(Problems(FromTheFuture, newerServer: false), Is.EqualTo(new[] { "a.yaml:4: Pod b/a: spec.teleportation: unknown field" }));
        });
    }

    [Test]
    public void A_value_of_another_type_is_refused_whatever_the_server() =>
        Assert.That(Problems("apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b}\nspec: {containers: none}\n", newerServer: true), Has.Count.EqualTo(1));

    [Test]
    public void A_version_that_does_not_ship_is_left_to_the_server() =>
        Assert.That(new ManifestReader(CoreKinds.All).Read("apiVersion: apps/v2\nkind: Deployment\nmetadata: {name: a, namespace: b}\nspec: {replicas: x}\n"u8.ToArray()).Problems, Is.Empty);

    [Test]
    public void No_message_quotes_a_secret()
    {
        var file = new ManifestReader(CoreKinds.All).Read("apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: b}\ndata: {a: s3cret!, b: 4711, c: [s3cret]}\nstringData: {d: 4711, e: {s3cret: s3cret}}\n"u8.ToArray());

        Assert.That(file.Problems, Has.Count.EqualTo(5));
        Assert.That(file.Problems.Select(p => p.Message), Has.None.Contains("s3cret").And.None.Contains("4711"));
    }

    [TestCase("examples")]
    [TestCase("config")]
    public void Every_manifest_that_ships_fits(string folder)
    {
        var files = Directory.EnumerateFiles(RepositoryFolder.Combine(folder), "*.yaml", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != "kustomization.yaml");

        Assert.That(files.SelectMany(f => Read(File.ReadAllBytes(f)).Select(p => $"{f}:{p}")), Is.Empty);
    }

    [Test]
    public void Every_object_that_a_real_server_answered_fits()
    {
        var recordings = RepositoryFolder.Combine("..", "shared", "data", "kubernetes-1.36", "http");
        if (!Directory.Exists(recordings))
        {
            Assert.Ignore("not run: ../shared/data/kubernetes-1.36 is absent");
        }

        var answered = Directory.EnumerateFiles(recordings, "*.json").SelectMany(f => Objects(KubernetesJson.Parse(File.ReadAllBytes(f))))
            .Where(o => BuiltInTypes.FieldsOfKind(o.String("apiVersion")!, o.String("kind")!) is not null).ToList();

        Assert.That(answered, Has.Count.GreaterThan(50));
        var problems = answered.SelectMany(o => BuiltInKindCheck.Check(o.String("apiVersion")!, o.String("kind")!, o));
        Assert.That(problems.Where(p => !p.Path.EndsWith(".caBundle", StringComparison.Ordinal)), Is.Empty, "certificates are masked in the recordings");
    }

    /// <summary>Answers alone: some of the requests are wrong on purpose.</summary>
    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject one when one.String("apiVersion") is not null && one.String("kind") is not null => [one],
        JsonObject members => members.Where(m => m.Key != "request").SelectMany(m => Objects(m.Value)),
        JsonArray items => items.SelectMany(Objects),
        _ => [],
    };

    private static IEnumerable<LineProblem> Read(byte[] text)
    {
        var file = new ManifestReader(CoreKinds.All).Read(text);
        return file.Problems.Concat(file.UnknownFields);
    }

    private static List<string> Problems(string text, bool newerServer)
    {
        var file = new RevisionFile("a.yaml", new ManifestReader(CoreKinds.All).Read(Encoding.UTF8.GetBytes(text)));
        return [.. RevisionContent.Assemble([file], CoreKinds.All, BuiltInKinds.Find, newerServer).Problems.Select(p => p.ToString())];
    }
}
