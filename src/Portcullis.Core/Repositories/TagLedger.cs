using System.ComponentModel;
using System.Text.Json.Serialization.Metadata;
using Portcullis.Core.Kinds;

namespace Portcullis.Core.Repositories;

/// <summary>
/// A part of what is known of a repository's tags and the registry does not know: who pushed each, when, from where it was promoted. A write of
/// a tag is claimed here first, by the object's resource version, so that of any number of gateways and operators one writes at a time.
/// </summary>
public sealed record TagLedger : Resource<TagLedgerSpec, TagLedgerStatus>, IResource<TagLedger>
{
    public static ApiResource Definition { get; } = new(WellKnown.Group, WellKnown.Version, "TagLedger", "tagledgers", false) { ShortNames = ["ledger"] };

    public static JsonTypeInfo<TagLedger> JsonType => RepositoriesJsonContext.Default.TagLedger;

    public static KindDefinition KindDefinition { get; } = new(Definition, JsonType, new CrdOptions
    {
        Description = "A part of the tags of a repository: digest, author, time and origin of each. Written by the gateway and the operator only.",
        Columns = [new PrinterColumn("Registry", ".spec.registry"), new PrinterColumn("Repository", ".spec.repository"), new PrinterColumn("Shard", ".spec.shard", "integer")],
    })
    {
        Declarable = false,
    };
}

public sealed record TagLedgerStatus : ResourceStatus;

/// <summary>The tags of one shard.</summary>
public sealed record TagLedgerSpec
{
    [Description("The name of the Registry.")]
    public required string Registry { get; init; }

    [Description("The repository, as in the image name.")]
    public required string Repository { get; init; }

    [Description("Which part of the repository's tags: the first byte of the SHA-256 of the tag, modulo the number of shards.")]
    public required int Shard { get; init; }

    [Description("The tags, in ordinal order.")]
    public required IReadOnlyList<TagEntry> Entries { get; init; }
}
