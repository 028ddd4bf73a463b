using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Revisions;
using Portcullis.Objects.Json;
using Portcullis.Sources.Fetch;

namespace Portcullis.Sources.Apply;

/// <summary>
/// The few facts kept of a live object that a source labelled. <see cref="CheckedFor"/> is the declared digest that its fields were
/// last compared with; a change of the object makes a new fact, which nobody has compared yet.
/// </summary>
internal sealed record LiveFact
{
    public required ApiResource Resource { get; init; }

    public required string Uid { get; init; }

    public required string ResourceVersion { get; init; }

    public required string? Source { get; init; }

    /// <summary>The digest of the content last applied; null when its stamps were tampered with, so that it counts as different.</summary>
    public required string? ContentDigest { get; init; }

    public ObjectStamp? Stamp { get; init; }

    public bool KeepWhenPruned { get; init; }

    public bool IsBeingDeleted { get; init; }

    public string? CheckedFor { get; set; }

    public IReadOnlyList<FieldDifference> Differences { get; set; } = [];

    public static LiveFact Of(ApiResource resource, JsonObject value)
    {
        var metadata = value.Object("metadata");
        var annotations = metadata.Object("annotations");
        var digest = annotations.String(WellKnown.Annotations.SourceDigest);
        var stamp = new ObjectStamp(
            annotations.String(WellKnown.Annotations.SourceCommit) ?? "",
            annotations.String(WellKnown.Annotations.SourceAuthor) ?? "",
            annotations.String(WellKnown.Annotations.SourcePath) ?? "");
        var whole = digest?.Split('-') is [_, var checksum] && checksum == stamp.Checksum
            && metadata.Object("labels").String(WellKnown.Labels.Source) is not null;
        return new LiveFact
        {
            Resource = resource,
            Uid = metadata.String("uid") ?? "",
            ResourceVersion = metadata.String("resourceVersion") ?? "",
            Source = metadata.Object("labels").String(WellKnown.Labels.Source),
            ContentDigest = whole ? digest!.Split('-')[0] : null,
            Stamp = whole ? stamp : null,
            KeepWhenPruned = annotations.String(WellKnown.Annotations.Prune) == "disabled",
            IsBeingDeleted = metadata?["deletionTimestamp"] is not null,
        };
    }

    /// <summary>Whether two versions differ in nothing but status, so that a comparison still holds.</summary>
    public static bool SameContent(JsonObject before, JsonObject after)
    {
        var left = before.Object("metadata");
        var right = after.Object("metadata");
        return left?["generation"] is { } generation && JsonNode.DeepEquals(generation, right?["generation"])
            && JsonNode.DeepEquals(left["labels"], right?["labels"])
            && JsonNode.DeepEquals(left["annotations"], right?["annotations"])
            && JsonNode.DeepEquals(left["deletionTimestamp"], right?["deletionTimestamp"])
            && left.String("uid") == right.String("uid");
    }
}
