using System.Text.Json.Serialization;

namespace Portcullis.Core.Components;

/// <summary>Inventories as JSON: in the store, and in the evidence that is attached to an image.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = false)]
[JsonSerializable(typeof(LayerInventory))]
[JsonSerializable(typeof(IReadOnlyList<InventoryProblem>))]
[JsonSerializable(typeof(Distribution))]
[JsonSerializable(typeof(ImageInventory))]
[JsonSerializable(typeof(IReadOnlyList<LayerInventory>))]
public sealed partial class InventoriesJsonContext : JsonSerializerContext;
