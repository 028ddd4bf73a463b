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
    // Thousands of objects in a row have the same: one text for all of them.
    private static string _source = "";
    private static string _commit = "";
    private static string _author = "";

    public required ApiResource Resource { get; init; }

    public required string Uid { get; init; }

    public required string ResourceVersion { get; init; }

    public long Generation { get; init; }

    public required string? Source { get; init; }

    /// <summary>The digest of the content last applied; null when its stamps were tampered with, so that it counts as different.</summary>
    public required string? ContentDigest { get; init; }

    public ObjectStamp? Stamp { get; init; }

    public bool KeepWhenPruned { get; init; }

    public bool IsBeingDeleted { get; init; }

    public string? CheckedFor { get; set; }

    /// <summary>The generation of the object whose fields were compared.</summary>
    public long CheckedGeneration { get; set; }

    public IReadOnlyList<FieldDifference> Differences { get; set; } = [];

    public static LiveFact Of(ApiResource resource, JsonObject value)
    {
        var metadata = value.Object("metadata");
        var annotations = metadata.Object("annotations");
        var digest = annotations.String(WellKnown.Annotations.SourceDigest);
        var stamp = new ObjectStamp(
            Shared(ref _commit, annotations.String(WellKnown.Annotations.SourceCommit) ?? ""),
            Shared(ref _author, annotations.String(WellKnown.Annotations.SourceAuthor) ?? ""),
            annotations.String(WellKnown.Annotations.SourcePath) ?? "");
        var whole = digest?.Split('-') is [_, var checksum] && checksum == stamp.Checksum
            && metadata.Object("labels").String(WellKnown.Labels.Source) is not null;
        return new LiveFact
        {
            Resource = resource,
            Uid = metadata.String("uid") ?? "",
            ResourceVersion = metadata.String("resourceVersion") ?? "",
            Generation = GenerationOf(value),
            Source = metadata.Object("labels").String(WellKnown.Labels.Source) is { } source ? Shared(ref _source, source) : null,
            ContentDigest = whole ? digest!.Split('-')[0] : null,
            Stamp = whole ? stamp : null,
            KeepWhenPruned = annotations.String(WellKnown.Annotations.Prune) == "disabled",
            IsBeingDeleted = metadata?["deletionTimestamp"] is not null,
        };
    }

    public static long GenerationOf(JsonObject value) =>
        value.Object("metadata")?["generation"] is JsonValue number && number.TryGetValue(out long generation) ? generation : 0;

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

    /// <summary>The last text once more where it is the same.</summary>
    private static string Shared(ref string last, string text)
    {
        var known = Volatile.Read(ref last);
        if (known == text)
        {
            return known;
        }

        Volatile.Write(ref last, text);
        return text;
    }
}
