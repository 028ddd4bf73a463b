using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Core.Revisions;
using Portcullis.Testing;

namespace Portcullis.Core.Tests.Revisions;

/// <summary>Every bad file there is: a clear error at its line, and nothing thrown.</summary>
public class ManifestReaderTests
{
    private const string Good = """
        apiVersion: portcullis.dev/v1alpha1
        kind: Collection
        metadata:
          name: mobile
        spec:
          path: /mobile
        """;

    [Test]
    public void Reads_an_object_with_its_line_and_digest()
    {
        var file = Read("# a comment\n" + Good);

        Assert.That(file.Problems, Is.Empty);
        var manifest = file.Manifests.Single();
        Assert.Multiple(() =>
        {
            Assert.That(manifest.Identity.ToString(), Is.EqualTo("Collection mobile"));
            Assert.That(manifest.Line, Is.EqualTo(2));
            Assert.That(file.LineOf(manifest, "spec.path"), Is.EqualTo(7));
            Assert.That(manifest.Digest, Is.EqualTo(Read(Good).Manifests[0].Digest), "a comment is no content");
        });
    }

    [Test]
    public void Reads_many_documents_crlf_a_byte_order_mark_and_lists()
    {
        var list = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: a, namespace: x}\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: b, namespace: x}\n";
        var text = "\uFEFF" + (Good + "\n---\n" + list + "---\n# nothing\n").Replace("\n", "\r\n", StringComparison.Ordinal);

        var file = Read(text);

        Assert.That(file.Problems, Is.Empty);
        Assert.That(file.Manifests.Select(m => (m.Identity.ToString(), m.Line)), Is.EqualTo(new[] { ("Collection mobile", 1), ("ConfigMap x/a", 11), ("ConfigMap x/b", 14) }));
    }

    [TestCase("spec: [1, 2", TestName = "truncated")]
    [TestCase("a: 1\na: 2\n", TestName = "duplicate key")]
    [TestCase("a:\n\tb: 1\n", TestName = "tab")]
    [TestCase("- a\n- b\n", TestName = "a list")]
    [TestCase("just words\n", TestName = "a scalar")]
    [TestCase("kind: Collection\n", TestName = "no apiVersion")]
    [TestCase("apiVersion: v1\nkind: ConfigMap\n", TestName = "no metadata")]
    [TestCase("apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: a-, namespace: x}\n", TestName = "no name")]
    [TestCase("apiVersion: portcullis.dev/v1alpha1\nkind: Grants\nmetadata: {name: a}\n", TestName = "unknown kind of ours")]
    [TestCase("apiVersion: portcullis.dev/v1alpha1\nkind: SourceInventory\nmetadata: {name: a}\nspec: {source: a, entries: []}\n", TestName = "a kind that only the program writes")]
    [TestCase("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: x, labels: {portcullis.dev/source: me}}\n", TestName = "a stamp of the program")]
    [TestCase("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: x, labels: {on: true}}\n", TestName = "a label that is no string")]
    public void Tells_one_problem_at_a_line(string text)
    {
        var file = Read(text);

        Assert.That(file.Manifests, Is.Empty);
        Assert.That(file.Problems, Is.Not.Empty);
        Assert.That(file.Problems.All(p => p.Line >= 1 && p.Message.Length > 5), Is.True);
    }

    [Test]
    public void Names_of_kinds_that_no_dry_run_judges_are_judged_here()
    {
        var file = Read("""
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: Settings_A, namespace: work}
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: a.b}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: a.b, namespace: work}
            """);

        Assert.That(file.Problems.Select(p => $"{p.Line}: {p.Message}"), Is.EqualTo(new[]
        {
            "3: ConfigMap: metadata.name: Invalid value: \"Settings_A\": must be lower-case letters, digits, '-' and '.', at most 253",
            "7: Namespace a.b: metadata.name: Invalid value: \"a.b\": must be a lower-case DNS label, at most 63",
        }));
    }

    [Test]
    public void Tells_every_problem_of_a_file_with_its_line()
    {
        var file = Read("""
            apiVersion: portcullis.dev/v1alpha1
            kind: Collection
            metadata:
              name: a
            spec:
              path: Mobile
              pth: /x
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Grant
            metadata:
              name: b
            spec:
              role: no
              collection: /a
              subject: {kind: Robot, name: r2}
            """);

        Assert.That(file.Problems.Select(p => p.Line).Order().ToList(), Is.SupersetOf(new[] { 6, 7, 14, 16 }), string.Join("\n", file.Problems));
    }

    /// <summary>A server that is not asked to be strict drops it.</summary>
    [TestCase("apiVersion: portcullis.dev/v1alpha1\nkind: Collection\nmetadata:\n  name: a\n  lables: {x: y}\nspec: {path: /a}\n", "Collection a")]
    [TestCase("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n  lables: {x: y}\n", "Namespace a")]
    public void A_field_that_metadata_does_not_have_is_told(string text, string name) =>
        Assert.That(Read(text).Problems, Is.EqualTo(new[] { new LineProblem(5, $"{name}: metadata.lables: unknown field") }));

    [Test]
    public void Names_the_object_and_says_nothing_that_is_of_no_field()
    {
        var file = Read("""
            apiVersion: portcullis.dev/v1alpha1
            kind: Collection
            metadata: {name: a}
            spec: [nothing]
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Collection
            metadata: {name: "b\nb"}
            spec: {path: 5}
            """);

        Assert.That(file.Problems.Select(p => $"{p.Line}: {p.Message}"), Is.EqualTo(new[]
        {
            "4: Collection a: spec: must be of type object, not array",
            "8: Collection: metadata.name: Invalid value: \"b\nb\": must be lower-case letters, digits, '-' and '.', at most 253",
            "9: Collection: spec.path: must be of type string, not integer; put it in quotes",
        }));
    }

    [Test]
    public void Survives_binary_deep_nesting_and_an_alias_bomb()
    {
        var binary = new ManifestReader(CoreKinds.All).Read(Enumerable.Range(0, 4096).Select(i => (byte)i).ToArray());
        var deep = Read(string.Concat(Enumerable.Repeat("[", 5000)) + string.Concat(Enumerable.Repeat("]", 5000)));
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 12; i++)
        {
            bomb.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        }

        Assert.Multiple(() =>
        {
            Assert.That(binary.Problems, Is.Not.Empty);
            Assert.That(deep.Problems, Is.Not.Empty);
            Assert.That(Read(bomb.ToString()).Problems, Is.Not.Empty);
        });
    }

    [Test]
    public void Drops_what_generators_print_and_nobody_means()
    {
        var plain = Read("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n");
        var printed = Read("apiVersion: v1\nkind: Namespace\nmetadata:\n  creationTimestamp: null\n  name: a\nstatus: {}\n");

        Assert.That(printed.Manifests[0].Digest, Is.EqualTo(plain.Manifests[0].Digest));
    }

    [Test]
    public void A_template_is_named_at_every_line_of_it_that_is_wrong()
    {
        var problems = Read("{{ if }}\nkind: x\n").Problems;
        Assert.That(problems, Is.Not.Empty.And.All.Property("Line").EqualTo(1));
        Assert.That(problems[0].Message, Does.EndWith("commit the rendered file, or exclude this one with .sourceignore"));
    }

    [Test]
    public void A_problem_at_the_last_line_or_beyond_is_said_once() =>
        Assert.That(
            TextHints.Explain("a\nb"u8, [new LineProblem(2, "x"), new LineProblem(5, "y")]).Select(p => $"{p.Line} {p.Message}"),
            Is.EqualTo(new[] { "2 x", "5 y" }));

    [Test]
    public void A_file_has_at_most_so_many_problems()
    {
        var many = string.Concat(Enumerable.Repeat("---\njust words\n", ManifestLimits.ProblemsOfAFile + 5));
        Assert.That(Read(many).Problems, Has.Count.EqualTo(ManifestLimits.ProblemsOfAFile));
        var list = "apiVersion: v1\nkind: List\nitems:\n" + string.Concat(Enumerable.Repeat("- words\n", ManifestLimits.ProblemsOfAFile + 5));
        Assert.That(Read(list).Problems, Has.Count.EqualTo(ManifestLimits.ProblemsOfAFile));
    }

    // What may be missing because this file could not be read: any object, or one of a kind and name.
    [TestCase("just words\n", " ")]
    [TestCase("spec: [1, 2", " ")]
    [TestCase("apiVersion: v1\nmetadata: {name: a}\n", " ")]
    [TestCase("kind: Collection\nmetadata: {name: a}\n", "Collection a")]
    [TestCase("apiVersion: portcullis.dev/v1alpha1\nkind: Grants\nmetadata: {name: a}\n", " ")]
    [TestCase("apiVersion: portcullis.dev/v1alpha1\nkind: Collection\nmetadata: {name: a}\nspec: {}\n", "Collection a")]
    [TestCase("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, namespace: B}\n", "Deployment a")]
    public void What_could_not_be_read_says_what_it_may_have_been(string text, string broken) =>
        Assert.That(Read(text).Broken.Select(b => $"{b.Kind} {b.Name}"), Is.EqualTo(new[] { broken }));

    [Test]
    public void Items_are_objects_in_a_List_only()
    {
        var file = Read("apiVersion: example.com/v1\nkind: Basket\nmetadata: {name: a}\nitems: [{apple: 1}]\n");
        Assert.That(file.Problems, Is.Empty);
        Assert.That(file.Manifests.Single().Identity.ToString(), Is.EqualTo("Basket a"));
    }

    [TestCase("status: {}\n")]
    [TestCase("status:\n")]
    [TestCase("status: null\n")]
    public void An_empty_status_says_nothing(string status) =>
        Assert.That(Read(Good + "\n" + status).Manifests.Single().Digest, Is.EqualTo(Read(Good).Manifests.Single().Digest));

    [Test]
    public void A_kind_that_is_misspelt_is_named_with_its_version() =>
        Assert.That(
            Read("apiVersion: portcullis.dev/v1\nkind: Colection\nmetadata: {name: a}\n").Problems.Single().Message,
            Is.EqualTo("there is no kind Colection in portcullis.dev/v1: write kind: Collection and apiVersion: portcullis.dev/v1alpha1"));

    // A name that Kubernetes itself decides about; one of a custom resource.
    [TestCase("system:node", true, false)]
    [TestCase("a.b", true, true)]
    [TestCase("a", true, true)]
    [TestCase("", false, false)]
    [TestCase(".", false, false)]
    [TestCase("..", false, false)]
    [TestCase("/a", false, false)]
    [TestCase("a%b", false, false)]
    [TestCase("a|b", false, false)]
    [TestCase("A", true, false)]
    public void A_name_must_fit_into_a_path_and_that_of_a_custom_resource_be_a_subdomain(string name, bool plain, bool custom)
    {
        Assert.That(NameIsRight(name, custom: false), Is.EqualTo(plain));
        Assert.That(NameIsRight(name, custom: true), Is.EqualTo(custom));
    }

    [TestCase(253, true)]
    [TestCase(254, false)]
    public void A_name_has_at_most_253_letters(int length, bool isRight)
    {
        Assert.That(NameIsRight(new string('a', length), custom: false), Is.EqualTo(isRight));
        Assert.That(NameIsRight(new string('a', length), custom: true), Is.EqualTo(isRight));
        Assert.That(ObjectNames.IsSubdomain(""), Is.False);
    }

    private static bool NameIsRight(string name, bool custom) =>
        !ManifestMetadata.Check(new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } }, custom).Any();

    private static ParsedFile Read(string text) => new ManifestReader(CoreKinds.All).Read(Encoding.UTF8.GetBytes(text));
}
