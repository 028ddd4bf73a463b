using System.Text.Json.Nodes;
using Portcullis.Core.Revisions;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Events;
using Portcullis.Objects.Json;

namespace Portcullis.Sources.Apply;

/// <summary>Reports that a change made beside Git was undone, and by whom it was made, on the object and on its source (design law 1).</summary>
internal sealed class DriftReporter(EventRecorder recorder, SourceMetrics metrics)
{
    private const int Named = 5;

    /// <summary>The Event for the source; null when the write turned out to change nothing, so that there was no drift.</summary>
    /// <param name="source">The source that declares the object.</param>
    /// <param name="declared">The object in the revision in force.</param>
    /// <param name="revert">The action that undid the change.</param>
    /// <param name="observed">The object before; null when it was gone.</param>
    /// <param name="author">Who had changed it.</param>
    /// <param name="stored">The object as it is now.</param>
    public ReportedEvent? Report(
        GitSource source, RevisionObject declared, ApplyAction.Revert revert, JsonObject? observed, Attribution author, JsonObject stored)
    {
        var metadata = stored.Object("metadata");
        var version = metadata.String("resourceVersion") ?? "";
        if (version == observed.Object("metadata").String("resourceVersion"))
        {
            return null;
        }

        metrics.Detected(source.Key.Name, declared.Manifest.Kind);
        metrics.Reverted(source.Key.Name, declared.Manifest.Kind);
        var what = observed is null ? "was deleted" : revert.Differences.Count == 0 ? "lost its label or was made anew" : "was changed";
        var undone = revert.Differences.Count == 0
            ? $"made again from {declared.Position}"
            : $"brought back to {declared.Position}: {string.Join("; ", revert.Differences.Take(Named))}";
        var reported = new ReportedEvent(true, SourceReasons.DriftReverted, $"{declared.Identity} {what} {author}; {undone}");
        recorder.Record(
            declared.Resource,
            new ObjectMeta { Name = declared.Manifest.Key.Name, Namespace = declared.Manifest.Key.Namespace, Uid = metadata.String("uid"), ResourceVersion = version },
            reported);
        return reported;
    }
}
