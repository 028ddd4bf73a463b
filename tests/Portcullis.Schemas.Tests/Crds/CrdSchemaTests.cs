using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Crds;

namespace Portcullis.Schemas.Tests.Crds;

internal enum Colour
{
    Red,
    Green,
}

[Rule("self.width > 0", "width must be positive")]
internal sealed record Box
{
    public required int Width { get; init; }

    public IReadOnlyList<string>? Labels { get; init; }
}

internal sealed record SampleSpec
{
    [System.ComponentModel.Description("The first box.")]
    [Rule("self.width < 100", "too wide")]
    public required Box First { get; init; }

    public Box? Second { get; init; }

    [ListMap("width")]
    [Items(5, Minimum = 1)]
    public IReadOnlyList<Box>? Boxes { get; init; }

    [ListMap]
    public IReadOnlyList<string>? Names { get; init; }

    [StringLength(10, MinimumLength = 2)]
    [RegularExpression("^[a-z]+$")]
    [DefaultValue("abc")]
    public string? Text { get; init; }

    [System.ComponentModel.DataAnnotations.Range(1, 9)]
    public long? Number { get; init; }

    public Colour? Colour { get; init; }

    public TimeSpan? Every { get; init; }

    public DateTimeOffset? Since { get; init; }

    public IReadOnlyDictionary<string, int>? Counts { get; init; }

    public JsonObject? Free { get; init; }

    public JsonNode? Any { get; init; }
}

internal sealed record Sample
{
    public required ObjectMeta Metadata { get; init; }

    public required SampleSpec Spec { get; init; }
}

internal sealed record Node
{
    public Node? Next { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Sample))]
[JsonSerializable(typeof(Node))]
internal sealed partial class SampleJsonContext : JsonSerializerContext;

public class CrdSchemaTests
{
    private static readonly JsonObject Schema = CrdSchema.FromType(SampleJsonContext.Default.Sample);

    private static string Property(string name) => KubernetesJson.ToText(Schema["properties"]!["spec"]!["properties"]![name]);

    [TestCase("text", """{"default":"abc","maxLength":10,"minLength":2,"pattern":"^[a-z]+$","type":"string"}""")]
    [TestCase("number", """{"format":"int64","maximum":9,"minimum":1,"type":"integer"}""")]
    [TestCase("colour", """{"enum":["Red","Green"],"type":"string"}""")]
    [TestCase("every", """{"pattern":"^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$","type":"string"}""")]
    [TestCase("since", """{"format":"date-time","type":"string"}""")]
    [TestCase("counts", """{"additionalProperties":{"format":"int32","type":"integer"},"type":"object"}""")]
    [TestCase("free", """{"type":"object","x-kubernetes-preserve-unknown-fields":true}""")]
    [TestCase("any", """{"x-kubernetes-preserve-unknown-fields":true}""")]
    [TestCase("names", """{"items":{"type":"string"},"type":"array","x-kubernetes-list-type":"set"}""")]
    public void Says_what_a_property_may_hold(string name, string json) => Assert.That(Property(name), Is.EqualTo(json));

    [Test]
    public void A_type_used_twice_is_written_twice_without_its_neighbours_attributes() => Assert.Multiple(() =>
    {
        const string Box = """
            "properties":{"labels":{"items":{"type":"string"},"type":"array"},"width":{"format":"int32","type":"integer"}},"required":["width"],"type":"object","x-kubernetes-validations":[{"message":"width must be positive","rule":"self.width > 0"}
            """;
        Assert.That(Property("second"), Is.EqualTo("{" + Box + "]}"));
        Assert.That(Property("first"), Is.EqualTo("{\"description\":\"The first box.\"," + Box + ",{\"message\":\"too wide\",\"rule\":\"self.width < 100\"}]}"));
        Assert.That(Property("boxes"), Is.EqualTo("{\"items\":{" + Box + "]},\"maxItems\":5,\"minItems\":1,\"type\":\"array\",\"x-kubernetes-list-map-keys\":[\"width\"],\"x-kubernetes-list-type\":\"map\"}"));
    });

    [Test]
    public void Metadata_is_the_servers() => Assert.Multiple(() =>
    {
        Assert.That(KubernetesJson.ToText(Schema["properties"]!["metadata"]), Is.EqualTo("""{"type":"object"}"""));
        Assert.That(KubernetesJson.ToText(Schema["required"]), Is.EqualTo("""["spec"]"""));
    });

    [Test]
    public void Refuses_a_recursive_type() =>
        Assert.That(() => CrdSchema.FromType(SampleJsonContext.Default.Node), Throws.InvalidOperationException.With.Message.Contains("recursive"));
}
