using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Portcullis.Objects;

namespace Portcullis.Kubernetes.Tests.Scripted;

/// <summary>The kind that the runtime's tests control.</summary>
internal sealed record Widget : Resource<WidgetSpec, WidgetStatus>, IResource<Widget>
{
    public static ApiResource Definition { get; } = new("example.dev", "v1", "Widget", "widgets", Namespaced: false);

    public static JsonTypeInfo<Widget> JsonType => WidgetJsonContext.Default.Widget;
}

internal sealed record WidgetSpec : ISuspendable
{
    public string? Colour { get; init; }

    public string? Collection { get; init; }

    public bool? Suspend { get; init; }
}

internal sealed record WidgetStatus : ResourceStatus
{
    public string? Painted { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Widget))]
internal sealed partial class WidgetJsonContext : JsonSerializerContext;
