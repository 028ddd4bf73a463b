using System.ComponentModel;
using System.Text.Json.Serialization.Metadata;
using Portcullis.Core.Kinds;

namespace Portcullis.Core.Sources;

/// <summary>
/// A part of what one source has ever applied and not yet pruned. Always a superset of what exists: an object is listed before it
/// is created and taken off after it is deleted, so that a crash at any point orphans nothing.
/// </summary>
public sealed record SourceInventory : Resource<SourceInventorySpec, SourceInventoryStatus>, IResource<SourceInventory>
{
    public static ApiResource Definition { get; } =
        new(WellKnown.Group, WellKnown.Version, "SourceInventory", "sourceinventories", false) { ShortNames = ["sinv"] };

    public static JsonTypeInfo<SourceInventory> JsonType => SourcesJsonContext.Default.SourceInventory;

    public static KindDefinition KindDefinition { get; } = new(Definition, JsonType, new CrdOptions
    {
        Description = "A part of the objects that a GitSource has applied. Written by the program only.",
        Columns = [new PrinterColumn("Source", ".spec.source"), new PrinterColumn("First", ".spec.entries[0]")],
    })
    {
        Declarable = false,
    };
}

public sealed record SourceInventorySpec
{
    [Description("The GitSource.")]
    public required string Source { get; init; }

    [Description("apiVersion/kind/namespace/name of each object; the namespace is empty for cluster-scoped ones.")]
    [Items(InventoryShards.ShardLimit)]
    public required IReadOnlyList<string> Entries { get; init; }
}

public sealed record SourceInventoryStatus : ResourceStatus;
