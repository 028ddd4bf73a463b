using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Revisions;
using Portcullis.Objects.Json;
using Portcullis.Sources.Fetch;

namespace Portcullis.Sources.Apply;

/// <summary>What is sent for an object: its content, and the stamps that say where it came from.</summary>
internal static class ObjectBody
{
    /// <summary><paramref name="finalizer"/>: what objects of the kind keep; null for nothing.</summary>
    public static JsonObject For(RevisionObject one, string source, ObjectStamp stamp, string? finalizer = null)
    {
        var body = SecretContent.Written(one.Manifest.ToObject());
        var metadata = body.Object("metadata")!;
        if (metadata["labels"] is not JsonObject labels)
        {
            metadata["labels"] = labels = [];
        }

        labels[WellKnown.Labels.Source] = source;
        labels.TryAdd(WellKnown.Labels.ManagedBy, WellKnown.Labels.ManagedByValue);
        if (metadata["annotations"] is not JsonObject annotations)
        {
            metadata["annotations"] = annotations = [];
        }

        if (finalizer is not null)
        {
            var finalizers = metadata["finalizers"] as JsonArray ?? [];
            if (!finalizers.Any(f => f?.GetValue<string>() == finalizer))
            {
                finalizers.Add((JsonNode)finalizer);
            }

            metadata["finalizers"] = finalizers;
        }

        annotations[WellKnown.Annotations.SourceCommit] = stamp.Commit;
        annotations[WellKnown.Annotations.SourceAuthor] = stamp.Author;
        annotations[WellKnown.Annotations.SourcePath] = stamp.Path;
        annotations[WellKnown.Annotations.SourceDigest] = $"{one.Manifest.Digest}-{stamp.Checksum}";
        return body;
    }
}
