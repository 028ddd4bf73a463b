using System.Text.Json.Nodes;
using Portcullis.Core.Kinds;

namespace Portcullis.Core.Revisions;

/// <summary>Where the cluster is not as a manifest declares: declared fields of any object, and on kinds of ours every field that there is.</summary>
public static class LiveComparison
{
    /// <param name="declared">The manifest.</param>
    /// <param name="live">What the cluster holds.</param>
    /// <param name="ours">The kind, if it is one of ours.</param>
    /// <param name="canonical">What the server made of the manifest when it was written; null when that is the manifest itself, or not known.</param>
    public static IReadOnlyList<FieldDifference> Of(JsonObject declared, JsonObject live, KindDefinition? ours, JsonObject? canonical = null)
    {
        var differences = FieldDifferences.Between(declared, live, canonical);
        return ours is null ? differences : [.. differences, .. UndeclaredFields.Of(WithDefaults(declared, ours), live)];
    }

    /// <summary>A merge patch that takes off what a kind of ours must not have; null when there is nothing.</summary>
    public static JsonObject? Removal(JsonObject declared, JsonObject live, KindDefinition ours) => UndeclaredFields.Removal(WithDefaults(declared, ours), live);

    private static JsonObject WithDefaults(JsonObject declared, KindDefinition ours)
    {
        var defaulted = (JsonObject)declared.DeepClone();
        ManifestSchemas.For(ours).ApplyDefaults(defaulted);
        return defaulted;
    }
}
