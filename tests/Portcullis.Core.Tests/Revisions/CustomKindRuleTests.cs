using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Core.Revisions;
using Portcullis.Objects.Json;
using Portcullis.Objects.Yaml;
using Portcullis.Testing;

namespace Portcullis.Core.Tests.Revisions;

/// <summary>A revision that brings a kind and objects of it is judged whole, before any server knows that kind.</summary>
public class CustomKindRuleTests
{
    private const string Definition = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata:
          name: widgets.example.com
        spec:
          group: example.com
          scope: Namespaced
          names:
            plural: widgets
            kind: Widget
            shortNames: [w]
            categories: [all]
          versions:
          - name: v1
            served: true
            storage: true
            additionalPrinterColumns:
            - {name: Size, type: integer, jsonPath: .spec.size}
            schema:
              openAPIV3Schema:
                type: object
                required: [spec]
                description: a widget
                properties:
                  spec:
                    type: object
                    required: [size]
                    x-kubernetes-validations:
                    - rule: self.min <= self.size
                      message: size must be at least min
                    properties:
                      size:
                        type: integer
                        maximum: 10
                      min:
                        type: integer
                        default: 2
                      colour:
                        type: string
                      parts:
                        type: array
                        items: {type: object, properties: {id: {type: string}}}
          - name: v1alpha1
            served: false
            storage: false
            schema:
              openAPIV3Schema:
                type: object
                x-kubernetes-preserve-unknown-fields: true

        """;

    private const string Widget = """
        apiVersion: example.com/v1
        kind: Widget
        metadata:
          name: a
          namespace: work
        spec:
          size: 3

        """;

    [Test]
    public void A_definition_and_an_object_that_fits_it_have_no_problems() =>
        Assert.That(Check(("crd.yaml", Definition), ("widget.yaml", Widget)), Is.Empty);

    [TestCase("size: 3", "size: 11", "widget.yaml:7: Widget work/a: spec.size: Invalid value: 11: should be less than or equal to 10")]
    [TestCase("size: 3", "size: big", "widget.yaml:7: Widget work/a: spec.size: must be of type integer, not string")]
    [TestCase("size: 3", "size: 3\n  colour: on", "widget.yaml:8: Widget work/a: spec.colour: must be of type string, not boolean; put it in quotes")]
    [TestCase("size: 3", "size: 3\n  Color: red", "widget.yaml:8: Widget work/a: spec.Color: unknown field; did you mean colour?")]
    [TestCase("size: 3", "size: 3\n  parts: [{}, {idd: a}]", "widget.yaml:8: Widget work/a: spec.parts[1].idd: unknown field; did you mean id?")]
    [TestCase("size: 3", "size: 3\n  weight: 1", "widget.yaml:8: Widget work/a: spec.weight: unknown field")]
    [TestCase("spec:", "spec.x: 1\nspec:", "widget.yaml:6: Widget work/a: spec.x: unknown field")]
    [TestCase("size: 3", "min: 3", "widget.yaml:6: Widget work/a: spec.size: Required value")]
    [TestCase("size: 3", "size: 1", "widget.yaml:6: Widget work/a: spec: Invalid value: size must be at least min")]
    [TestCase("name: a", "name: A", "widget.yaml:4: Widget work/A: metadata.name: Invalid value: \"A\": must be lower-case letters, digits, '-' and '.', at most 253")]
    [TestCase("example.com/v1", "example.com/v1alpha1", "widget.yaml:1: Widget work/a: apiVersion: version v1alpha1 is not served by the CustomResourceDefinition at crd.yaml:1; it serves v1")]
    [TestCase("  namespace: work\n", "", "widget.yaml:3: Widget a: metadata.namespace: Required value")]
    public void What_is_wrong_with_an_object_is_told_at_its_line(string good, string bad, string problem) =>
        Assert.That(Check(("crd.yaml", Definition), ("widget.yaml", Widget.Replace(good, bad, StringComparison.Ordinal))), Is.EqualTo(new[] { problem }));

    [Test]
    public void Every_problem_of_every_object_is_told() => Assert.That(
        Check(
            ("crd.yaml", Definition),
            ("a.yaml", Widget.Replace("size: 3", "size: 30", StringComparison.Ordinal)),
            ("b.yaml", Widget.Replace("name: a", "name: b", StringComparison.Ordinal).Replace("size: 3", "size: [3]\n  odd: 1", StringComparison.Ordinal))).Select(p => p[..8]),
        Is.EqualTo(new[] { "a.yaml:7", "b.yaml:7", "b.yaml:8" }));

    [TestCase("maximum: 10", "maximum: 10\n                type: text", "crd.yaml", "already set in map")]
    [TestCase("type: integer\n                maximum", "type: text\n                maximum", "crd.yaml:33", "CustomResourceDefinition widgets.example.com: spec.versions[0].schema.openAPIV3Schema.properties[spec].properties[size].type: Unsupported value: \"text\"")]
    [TestCase("rule: self.min <= self.size", "rule: self.mn <= self.size", "crd.yaml:29", "rule: Invalid value: \"self.mn <= self.size\": compilation failed: at 1:5: undefined field 'mn'")]
    [TestCase("name: widgets.example.com", "name: widget.example.com", "crd.yaml:4", "must be spec.names.plural+\".\"+spec.group")]
    [TestCase("default: 2", "default: two", "crd.yaml:37", "must be of type integer, not string")]
    [TestCase("    storage: true", "    storage: false", "crd.yaml:13", "must have exactly one version marked as storage version")]
    [TestCase("scope: Namespaced", "scope: Everywhere", "crd.yaml:7", "Unsupported value: \"Everywhere\"")]
    public void A_broken_definition_is_told_at_its_line_and_its_objects_are_left_alone(string good, string bad, string place, string words)
    {
        // One version, since then the server names the schema's place as no file has it.
        var single = Definition[..Definition.IndexOf("  - name: v1alpha1", StringComparison.Ordinal)];
        var problems = Check(("crd.yaml", single.Replace(good, bad, StringComparison.Ordinal)), ("widget.yaml", Widget.Replace("size: 3", "size: 99", StringComparison.Ordinal)));

        Assert.That(problems, Has.Some.StartsWith(place).And.Contains(words));
        Assert.That(problems, Has.None.Contains('\n'));
        Assert.That(problems.Where(p => p.Contains("spec.size", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void Objects_of_our_own_kinds_are_judged_by_our_own_schemas_whatever_a_definition_says()
    {
        var ours = Definition.Replace("widgets", "collections", StringComparison.Ordinal).Replace("Widget", "Collection", StringComparison.Ordinal)
            .Replace("example.com", "portcullis.dev", StringComparison.Ordinal);

        Assert.That(Check(("crd.yaml", ours), ("a.yaml", "apiVersion: portcullis.dev/v1alpha1\nkind: Collection\nmetadata: {name: a}\nspec: {path: /a}\n")), Is.Empty);
    }

    /// <summary>It took minutes when the file was read again for each place.</summary>
    [Test]
    public void Thousands_of_problems_in_one_file_are_told_at_their_lines()
    {
        var items = Enumerable.Range(0, 5000).Select(i => $"- apiVersion: example.com/v1\n  kind: Widget\n  metadata: {{name: w{i}, namespace: work}}\n  spec: {{size: 99}}\n");
        var watch = System.Diagnostics.Stopwatch.StartNew();

        var problems = Check(("crd.yaml", Definition), ("many.yaml", "apiVersion: v1\nkind: List\nitems:\n" + string.Concat(items)));

        Assert.That(problems, Has.Count.EqualTo(5000));
        Assert.That(problems[4999], Does.StartWith("many.yaml:20003: Widget work/w4999: spec.size: "));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(20)));
    }

    /// <summary>Whatever stands where in a definition, it is judged and nothing is thrown.</summary>
    [Test]
    public void Any_value_in_any_place_of_a_definition_is_survived()
    {
        JsonNode?[] odd = [null, 1, -1.5, true, "", "x", new JsonArray(), new JsonArray(1, null), new JsonObject(), new JsonObject { ["type"] = 1 }];
        var root = (JsonObject)KubernetesYaml.Read(Encoding.UTF8.GetBytes(Definition)).Documents[0].Root;
        var places = Paths(root, []).ToList();
        foreach (var place in places)
        {
            foreach (var value in odd)
            {
                var copy = (JsonObject)root.DeepClone();
                Put(copy, place, value?.DeepClone());
                var text = KubernetesJson.ToText(copy);
                Assert.That(() => Check(("crd.json", text), ("widget.yaml", Widget)), Throws.Nothing, text);
            }
        }

        Assert.That(places, Has.Count.GreaterThan(40));
    }

    private static List<string> Check(params (string Path, string Text)[] files)
    {
        var read = files.Select(f => new RevisionFile(f.Path, new ManifestReader(CoreKinds.All).Read(Encoding.UTF8.GetBytes(f.Text)))).ToList();
        var kinds = DeclaredKinds.Of(read);
        var content = RevisionContent.Assemble(read, CoreKinds.All, (apiVersion, kind) => BuiltInKinds.Find(apiVersion, kind) ?? kinds.GetValueOrDefault((apiVersion, kind)));
        var declared = content.ToDeclared([], []);
        return [.. content.Problems.Concat(RevisionRules.Check(declared, CoreKinds.All)).Select(p => p.ToString())];
    }

    private static IEnumerable<IReadOnlyList<object>> Paths(JsonNode? node, IReadOnlyList<object> at)
    {
        if (at.Count > 0)
        {
            yield return at;
        }

        var below = node switch
        {
            JsonObject o => o.Select(m => ((object)m.Key, m.Value)),
            JsonArray a => a.Select((v, i) => ((object)i, v)),
            _ => [],
        };
        foreach (var path in below.SelectMany(m => Paths(m.Item2, [.. at, m.Item1])))
        {
            yield return path;
        }
    }

    private static void Put(JsonObject root, IReadOnlyList<object> place, JsonNode? value)
    {
        JsonNode at = root;
        foreach (var step in place.SkipLast(1))
        {
            at = step is int index ? at[index]! : at[(string)step]!;
        }

        if (place[^1] is int last)
        {
            at[last] = value;
        }
        else
        {
            at[(string)place[^1]] = value;
        }
    }
}
