using System.Text.Json.Nodes;
using Portcullis.Core.Drift;
using Portcullis.Core.Revisions;
using Portcullis.Core.Sources;
using Portcullis.Drift;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Events;
using Portcullis.Objects.Json;

namespace Portcullis.Sources;

/// <summary>Says that a change made beside Git was undone, and by whom it was made, on the object and on its source (design law 1).</summary>
internal sealed class DriftTeller(IKubernetesClient client, IEditLog edits, EventRecorder recorder, SourceMetrics metrics)
{
    /// <summary>Who made the change, read before it is undone, since undoing it takes the fields away from them.</summary>
    public async Task<Culprit> CulpritAsync(RevisionObject declared, ApplyAction.Revert revert, CancellationToken cancellationToken)
    {
        var observed = await client.GetAsync(declared.Resource, declared.Manifest.Key, cancellationToken);
        var who = DriftAttribution.Of(observed, edits.LastEdit(declared.Resource, declared.Manifest.Key), declared.Manifest.ToObject());
        var what = observed is null ? "was deleted" : revert.Differences.Count == 0 ? "lost its label or was made anew" : "was changed";
        return new Culprit($"{what} {who}", observed.Object("metadata").String("resourceVersion"));
    }

    /// <summary>The Event for the source; null when the write turned out to change nothing, so that there was no drift.</summary>
    public ReportedEvent? Tell(GitSource source, RevisionObject declared, ApplyAction.Revert revert, JsonObject stored, Culprit culprit)
    {
        var metadata = stored.Object("metadata");
        var version = metadata.String("resourceVersion") ?? "";
        if (version == culprit.ResourceVersion)
        {
            return null;
        }

        metrics.Detected(source.Key.Name, declared.Manifest.Kind);
        metrics.Reverted(source.Key.Name, declared.Manifest.Kind);
        var what = revert.Differences.Count == 0
            ? $"{culprit.Words}; made again from {declared.Position}"
            : $"{culprit.Words}; brought back to {declared.Position}: {string.Join("; ", revert.Differences.Take(5))}";
        recorder.Record(
            declared.Resource,
            new ObjectMeta { Name = declared.Manifest.Key.Name, Namespace = declared.Manifest.Key.Namespace, Uid = metadata.String("uid"), ResourceVersion = version },
            new ReportedEvent(true, "DriftReverted", $"{declared.Identity} {what}"));
        return new ReportedEvent(true, "DriftReverted", $"{declared.Identity} {what}");
    }

    /// <summary>What was done to an object and by whom, and the object's version before it was undone; null when it was gone.</summary>
    internal sealed record Culprit(string Words, string? ResourceVersion);
}
