using System.Text.Json.Nodes;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Crds;
using Portcullis.Schemas.Structural;
using Portcullis.Schemas.Validation;

namespace Portcullis.Schemas.Tests.Validation;

/// <summary>Every custom resource and CRD in the recording, judged here as the real server judged it: same causes, same words, same order.</summary>
public class RecordedValidationTests
{
    private static readonly JsonArray Steps = [];

    [OneTimeSetUp]
    public void Load()
    {
        foreach (var step in Recording.Http("crds").Array("steps")!)
        {
            Steps.Add(step!.DeepClone());
        }
    }

    private static CompiledSchema Gate()
    {
        var crd = Steps[1].Object("request").Object("body");
        var schema = crd.Object("spec").Array("versions")![0].Object("schema").Object("openAPIV3Schema");
        var (compiled, errors) = CompiledSchema.Compile(StructuralSchema.Parse(schema));
        Assert.That(errors, Is.Empty);
        return compiled!;
    }

    private static List<FieldError> Causes(JsonNode? step) =>
        [.. (step.Object("response").Object("body").Object("details").Array("causes") ?? []).Select(c => new FieldError(c.String("reason")!, c.String("field")!, c.String("message")!))];

    [Test]
    public void Judges_created_objects_as_the_server_did()
    {
        var gate = Gate();
        var judged = 0;
        foreach (var step in Steps.Where(s => s.Object("request").String("method") == "POST" && s.Object("request").String("path")!.EndsWith("/gates", StringComparison.Ordinal)))
        {
            var status = step.Object("response")!["status"]!.GetValue<int>();
            var value = (JsonObject)step.Object("request").Object("body")!.DeepClone();
            gate.Prune(value);
            value.Remove("status");
            gate.ApplyDefaults(value);
            var found = gate.Validate(value);
            Assert.That(found, Is.EquivalentTo(Causes(step)), step.Object("request")!["body"]!.ToJsonString());
            if (status == 201)
            {
                Assert.That(CanonicalJson.ToText(value["spec"]), Is.EqualTo(CanonicalJson.ToText(step.Object("response").Object("body")!["spec"])));
            }

            judged++;
        }

        Assert.That(judged, Is.GreaterThan(20));
    }

    [Test]
    public void Judges_a_status_update_as_the_server_did()
    {
        var step = Steps.First(s => s.Object("request").String("path")!.EndsWith("/ok/status", StringComparison.Ordinal) && s.Object("response")!["status"]!.GetValue<int>() == 422);
        var old = (JsonObject)Steps[34].Object("response").Object("body")!.DeepClone();
        var value = (JsonObject)old.DeepClone();
        value["status"]!["phase"] = 7;
        Assert.That(Gate().ValidateStatus(value, old), Is.EqualTo(Causes(step)));
    }

    [Test]
    public void Judges_an_update_by_its_transition_rules()
    {
        var step = Steps.First(s => s.String("note") == "transition rule");
        var old = (JsonObject)Steps[34].Object("response").Object("body")!.DeepClone();
        var value = (JsonObject)old.DeepClone();
        value["spec"]!["path"] = "/b";
        Assert.That(Gate().Validate(value, old), Is.EqualTo(Causes(step)));
    }

    [Test]
    public void Names_unknown_fields_in_order()
    {
        var value = (JsonObject)Steps.First(s => s.Object("request").String("path")!.EndsWith("fieldValidation=Strict", StringComparison.Ordinal)).Object("request").Object("body")!.DeepClone();
        Assert.That(Gate().UnknownFields(value), Is.EqualTo(new[] { "spec.bogus" }));
    }

    [Test]
    public void Judges_CRDs_as_the_server_did()
    {
        var judged = 0;
        foreach (var step in Steps.Where(s => s.Object("request").String("method") == "POST" && s.Object("request").String("path")!.EndsWith("/customresourcedefinitions", StringComparison.Ordinal)))
        {
            var status = step.Object("response")!["status"]!.GetValue<int>();
            if (status == 400)
            {
                continue;
            }

            Assert.That(CrdValidation.Validate(step.Object("request").Object("body")!), Is.EqualTo(Causes(step)));
            judged++;
        }

        Assert.That(judged, Is.GreaterThan(4));
    }
}
