using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;
using Portcullis.Objects.Yaml;
using Portcullis.Schemas.Crds;
using Portcullis.Schemas.Structural;
using Portcullis.Schemas.Validation;

namespace Portcullis.Schemas.Tests.Validation;

public class CompiledSchemaTests
{
    private static JsonObject Yaml(string text) => (JsonObject)KubernetesYaml.Read(Encoding.UTF8.GetBytes(text)).Documents.Single().Root;

    private static CompiledSchema Schema(string spec)
    {
        var indented = string.Join('\n', spec.Split('\n').Select(l => "    " + l));
        var (schema, errors) = CompiledSchema.Compile(StructuralSchema.Parse(Yaml($"type: object\nproperties:\n  spec:\n{indented}\n")));
        Assert.That(errors, Is.Empty);
        return schema!;
    }

    private static IEnumerable<string> Faults(string schema, string value, string? old = null) =>
        Schema(schema).Validate(Yaml("spec: " + value), old is null ? null : Yaml("spec: " + old)).Select(e => e.ToString());

    [TestCase("{type: integer, format: int32}", "2147483648", "<nil>: Invalid value: \"\": Checked value must be of type integer with format int32 in spec")]
    [TestCase("{type: integer}", "1.5", "spec: Invalid value: \"number\": spec in body must be of type integer: \"number\"")]
    [TestCase("{type: number, maximum: 1.5}", "1e6", "spec: Invalid value: 1000000: spec in body should be less than or equal to 1.5")]
    [TestCase("{type: integer, minimum: 1, exclusiveMinimum: true}", "1", "spec: Invalid value: 1: spec in body should be greater than 1")]
    [TestCase("{type: object, minProperties: 1}", "{}", "spec: Invalid value: 0: spec in body should have at least 1 properties")]
    [TestCase("{type: array, items: {type: string}, minItems: 1}", "[]", "spec: Invalid value: 0: spec in body should have at least 1 items")]
    [TestCase("{type: string, enum: [a, \"1\"]}", "b", "spec: Unsupported value: \"b\": supported values: \"a\", \"1\"")]
    [TestCase("{type: integer, enum: [1, 2]}", "3", "spec: Unsupported value: 3: supported values: \"1\", \"2\"")]
    [TestCase("{type: string, maxLength: 2}", "äöü", "spec: Too long: may not be more than 2 bytes")]
    [TestCase("{type: string}", "yes", "spec: Invalid value: \"boolean\": spec in body must be of type string: \"boolean\"")]
    [TestCase("{type: string, format: ipv4}", "1.2.3", "spec: Invalid value: \"1.2.3\": spec in body must be of type ipv4: \"1.2.3\"")]
    [TestCase("{type: object, not: {required: [a]}}", "{a: 1}", "<nil>: Invalid value: \"\": \"spec\" must not validate the schema (not)")]
    [TestCase("{type: array, items: {type: object, additionalProperties: {type: integer}}}", "[{\"a/b\": x}]", "spec[0].a/b: Invalid value: \"string\": spec[0].a/b in body must be of type integer: \"string\"")]
    [TestCase("{type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [a, b], items: {type: object, properties: {a: {type: integer}, b: {type: string}}}}", "[{a: 1, b: x}, {a: 1, b: w}, {a: 1, b: x}]", "spec[2]: Duplicate value: {\"a\":1,\"b\":\"x\"}")]
    [TestCase("{type: array, items: {type: object, properties: {m: {type: integer, x-kubernetes-validations: [{rule: self > 0}]}}}, maxItems: 5}", "[{m: 1}, {m: 0}]", "spec[1].m: Invalid value: 0: failed rule: self > 0")]
    [TestCase("{type: object, properties: {a: {type: string}}, x-kubernetes-validations: [{rule: has(self.a), reason: FieldValueRequired, fieldPath: .a, message: say a}]}", "{}", "spec.a: Required value: say a")]
    [TestCase("{type: object, properties: {a: {type: integer}}, x-kubernetes-validations: [{rule: self.a < 5, messageExpression: \"'a is %d'.format([self.a])\"}]}", "{a: 7}", "spec: Invalid value: a is 7")]
    [TestCase("{type: object, properties: {a: {type: integer}}, x-kubernetes-validations: [{rule: self.a < 5}]}", "{}", "spec: Invalid value: \"object\": no such key: a evaluating rule: self.a < 5")]
    [TestCase("{type: object, properties: {namespace: {type: string}, a-b: {type: string}, x__y: {type: string}}, x-kubernetes-validations: [{rule: self.__namespace__ == self.a__dash__b && self.x__underscores__y == 'z', message: nope}]}", "{namespace: a, a-b: a, x__y: w}", "spec: Invalid value: nope")]
    [TestCase("{type: object, properties: {d: {type: string, format: duration}, t: {type: string, format: date-time}}, x-kubernetes-validations: [{rule: \"self.d > duration('1h') && self.t.getFullYear() > 2020\", message: nope}]}", "{d: 30m, t: \"2021-01-01T00:00:00Z\"}", "spec: Invalid value: nope")]
    [TestCase("{x-kubernetes-int-or-string: true, x-kubernetes-validations: [{rule: 'type(self) == int ? self < 5 : self.endsWith(\"%\")', message: nope}]}", "abc", "spec: Invalid value: \"abc\": nope")]
    public void Says_what_is_wrong(string schema, string value, string fault) => Assert.That(Faults(schema, value).First(), Is.EqualTo(fault));

    [TestCase("{type: integer, format: int32}", "1.0")]
    [TestCase("{type: number}", "3")]
    [TestCase("{type: string, format: made-up}", "anything")]
    [TestCase("{x-kubernetes-int-or-string: true}", "5")]
    [TestCase("{type: string, format: date-time}", "\"2020-01-01T00:00:00.5+02:00\"")]
    [TestCase("{type: string, format: byte}", "aGk=")]
    [TestCase("{type: object, properties: {a: {type: string, nullable: true}}}", "{a: null}")]
    [TestCase("{type: string, pattern: \"^a.c$\"}", "abc")]
    [TestCase("{type: object, properties: {a: {type: integer}}, oneOf: [{required: [a]}, {required: [b]}]}", "{a: 1}")]
    [TestCase("{type: array, items: {type: string}, maxItems: 10, x-kubernetes-list-type: set, x-kubernetes-validations: [{rule: \"self == ['b', 'a']\"}]}", "[a, b]")]
    public void Accepts(string schema, string value) => Assert.That(Faults(schema, value), Is.Empty);

    [Test]
    public void What_did_not_change_is_not_checked_again() => Assert.Multiple(() =>
    {
        const string Spec = "{type: object, properties: {a: {type: integer, maximum: 5}, b: {type: string}, c: {type: integer, x-kubernetes-validations: [{rule: self < 5}]}}}";
        Assert.That(Faults(Spec, "{a: 9, b: w, c: 9}", "{a: 9, b: x, c: 9}"), Is.Empty);
        Assert.That(Faults(Spec, "{a: 8, b: w, c: 8}", "{a: 9, b: x, c: 9}").Count(), Is.EqualTo(2));
    });

    [Test]
    public void Transition_rules_wait_for_an_old_value() => Assert.Multiple(() =>
    {
        const string Spec = "{type: object, properties: {a: {type: string, x-kubernetes-validations: [{rule: self == oldSelf, message: immutable}]}, "
            + "b: {type: integer, x-kubernetes-validations: [{rule: \"!oldSelf.hasValue() || self >= oldSelf.value()\", optionalOldSelf: true, message: only up}]}}}";
        Assert.That(Faults(Spec, "{a: x, b: 1}"), Is.Empty);
        Assert.That(Faults(Spec, "{a: w, b: 0}", "{a: x, b: 1}"), Is.EqualTo(new[] { "spec.a: Invalid value: \"w\": immutable", "spec.b: Invalid value: 0: only up" }));
    });

    [Test]
    public void Fills_in_defaults_but_makes_no_objects()
    {
        var schema = Schema("{type: object, properties: {a: {type: integer, default: 1}, o: {type: object, properties: {b: {type: string, default: x}}}, l: {type: array, items: {type: object, properties: {c: {type: boolean, default: true}}}}, m: {type: string, nullable: true, default: w}, z: {type: string}}}");
        var value = Yaml("spec: {l: [{}, {c: false}], m: null, z: null}");
        schema.ApplyDefaults(value);
        Assert.That(KubernetesJson.ToText(value["spec"]), Is.EqualTo("""{"l":[{"c":true},{"c":false}],"m":null,"a":1}"""));
    }

    [Test]
    public void Drops_what_it_does_not_know_and_says_what()
    {
        var schema = Schema("{type: object, properties: {a: {type: integer}, free: {type: object, x-kubernetes-preserve-unknown-fields: true, properties: {known: {type: object, properties: {k: {type: string}}}}}, r: {type: object, x-kubernetes-embedded-resource: true, x-kubernetes-preserve-unknown-fields: true}, l: {type: array, items: {type: object, properties: {x: {type: string}}}}}}");
        var value = Yaml("apiVersion: v1\nkind: X\nmetadata: {name: a, odd: 1}\nstatus: {}\nspec: {a: 1, b: 2, free: {x: {u: 1}, known: {k: v, q: 1}}, r: {apiVersion: v1, spec: {}}, l: [{x: a, q: b}]}");
        Assert.That(schema.UnknownFields(value), Is.EqualTo(new[] { "spec.b", "spec.free.known.q", "spec.l[0].q", "status" }));
        Assert.That(schema.Prune(value), Has.Count.EqualTo(4));
        Assert.That(KubernetesJson.ToText(value), Is.EqualTo("""{"apiVersion":"v1","kind":"X","metadata":{"name":"a","odd":1},"spec":{"a":1,"free":{"x":{"u":1},"known":{"k":"v"}},"r":{"apiVersion":"v1","spec":{}},"l":[{"x":"a"}]}}"""));
    }

    [TestCase("{type: object, properties: {a: {}}}", "properties[a].type: Required value: must not be empty for specified object fields")]
    [TestCase("{type: object, properties: {a: {type: array}}}", "properties[a].items: Required value: must be specified")]
    [TestCase("{type: object, properties: {a: {type: text}}}", "properties[a].type: Unsupported value: \"text\": supported values: \"array\", \"boolean\", \"integer\", \"number\", \"object\", \"string\"")]
    [TestCase("{type: object, properties: {a: {type: object, additionalProperties: {type: string}, properties: {b: {type: string}}}}}", "properties[a].additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive")]
    [TestCase("{type: object, properties: {a: {type: string, pattern: '('}}}", "properties[a].pattern: Invalid value: \"(\": must be a valid regular expression, but isn't: ")]
    [TestCase("{type: object, properties: {a: {type: string, default: 5}}}", "properties[a].default: Invalid value: \"integer\": ")]
    [TestCase("{type: object, properties: {a: {type: object, properties: {b: {type: string}}, default: {c: 1}}}}", "properties[a].default: Invalid value: {\"c\":1}: must not have unknown fields")]
    [TestCase("{type: object, properties: {a: {type: string, anyOf: [{type: string}]}}}", "properties[a].anyOf[0].type: Forbidden: must be empty to be structural")]
    [TestCase("{type: object, properties: {a: {type: object, anyOf: [{properties: {b: {minimum: 1}}}]}}}", "properties[a].properties[b]: Required value: because it is defined in ")]
    [TestCase("{type: object, properties: {metadata: {type: object, properties: {labels: {type: object}}}}}", "properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified")]
    [TestCase("{type: object, properties: {a: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [m], items: {type: object, properties: {m: {type: string}}}}}}", "properties[a].items.properties[m].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property")]
    [TestCase("{type: object, properties: {a: {type: string, x-kubernetes-validations: [{rule: self + 1}]}}}", "properties[a].x-kubernetes-validations[0].rule: Invalid value: {\"Rule\":\"self + 1\",")]
    [TestCase("{type: object, properties: {a: {type: string, x-kubernetes-validations: [{rule: self}]}}}", "properties[a].x-kubernetes-validations[0].rule: Invalid value: {\"Rule\":\"self\",\"Message\":\"\",\"MessageExpression\":\"\",\"Reason\":null,\"FieldPath\":\"\",\"OptionalOldSelf\":null}: cel expression must evaluate to a bool")]
    [TestCase("{type: object, properties: {a: {type: array, maxItems: 3, items: {type: string, maxLength: 5, x-kubernetes-validations: [{rule: self == oldSelf}]}}}}", "properties[a].items.x-kubernetes-validations[0].rule: Invalid value: \"self == oldSelf\": oldSelf cannot be used on the uncorrelatable portion of the schema within ")]
    [TestCase("{type: object, properties: {a: {type: array, items: {type: string}, x-kubernetes-validations: [{rule: \"self.all(x, self.all(y, x == y))\"}]}}}", "properties[a].x-kubernetes-validations[0].rule: Forbidden: estimated rule cost exceeds budget by factor of more than 100x (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)")]
    public void Refuses_a_schema(string schema, string fault)
    {
        var crd = Yaml("metadata: {name: as.a.b}\nspec: {group: a.b, scope: Cluster, names: {plural: as, kind: A}, versions: [{name: v1, served: true, storage: true}]}");
        crd["spec"]!["versions"]![0]!["schema"] = new JsonObject { ["openAPIV3Schema"] = Yaml(schema) };
        Assert.That(CrdValidation.Validate(crd).Select(e => e.ToString()).First(), Does.StartWith("spec.validation.openAPIV3Schema." + fault));
    }

    /// <summary>As Gateway API's Gateway does; a server that counted the keys' length would refuse it.</summary>
    [Test]
    public void A_rule_over_the_keys_of_a_map_costs_nothing_for_their_length() => Assert.That(
        Schema("{type: object, properties: {a: {type: object, maxProperties: 16, additionalProperties: {type: string, maxLength: 4096}, x-kubernetes-validations: [{rule: \"self.all(key, key.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$'))\"}, {rule: \"self.all(key, key.split('/')[0].size() < 253)\"}]}}}"),
        Is.Not.Null);

    [TestCase("{type: object, properties: {a: {type: integer}}}", "a: x", "spec.a: must be of type integer, not string")]
    [TestCase("{type: object, properties: {a: {type: string}}}", "a: 5", "spec.a: must be of type string, not integer; put it in quotes")]
    [TestCase("{type: object, properties: {a: {type: string, minLength: 3}}}", "a: x", "spec.a: Invalid value: \"x\": should be at least 3 chars long")]
    [TestCase("{type: object, properties: {a: {type: object, properties: {b: {type: integer}, c: {type: integer}}, oneOf: [{required: [b]}, {required: [c]}]}}}", "a: {b: 1, c: 2}", "spec.a: Invalid value: must validate one and only one schema (oneOf). Found 2 valid alternatives")]
    [TestCase("{type: object, properties: {a: {type: string, format: date-time}}}", "a: soon", "spec.a: Invalid value: \"soon\": must be of type date-time")]
    public void Says_it_to_people_with_the_field_and_each_thing_once(string schema, string value, string message) =>
        Assert.That(Schema(schema).Validate(Yaml($"spec: {{{value}}}")).Select(e => (e.ForPeople ?? e).ToString()).First(), Is.EqualTo(message));

    [Test]
    public void Reads_and_judges_five_thousand_manifests_quickly()
    {
        var schema = Schema("{type: object, required: [subject], properties: {subject: {type: object, properties: {kind: {type: string, enum: [User, Team]}, name: {type: string, maxLength: 63, pattern: \"^[a-z0-9-]+$\"}}}, role: {type: string, maxLength: 63, x-kubernetes-validations: [{rule: \"!self.startsWith('system:')\"}]}}}");
        var manifests = Enumerable.Range(0, 5_000).Select(i => Encoding.UTF8.GetBytes(
            $"apiVersion: portcullis.dev/v1alpha1\nkind: Grant\nmetadata:\n  name: grant-{i}\n  labels:\n    app.kubernetes.io/part-of: x\nspec:\n  subject:\n    kind: User\n    name: user-{i}\n  role: ViewOnly\n")).ToList();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        foreach (var manifest in manifests)
        {
            var value = (JsonObject)KubernetesYaml.Read(manifest).Documents.Single().Root;
            Assert.That(schema.UnknownFields(value).Concat(schema.Validate(value).Select(e => e.Path)), Is.Empty);
        }

        TestContext.Out.WriteLine($"5,000 manifests read and judged in {watch.ElapsedMilliseconds} ms");
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(30)));
    }
}
