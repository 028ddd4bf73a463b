using System.Text.Json.Nodes;
using Portcullis.Admission;
using Portcullis.Core.Drift;
using Portcullis.Core.Revisions;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Events;
using Portcullis.Objects.Json;

namespace Portcullis.Sources;

/// <summary>Says that a change made beside Git was undone, and by whom it was made, on the object and on its source (design law 1).</summary>
internal sealed class DriftTeller(IKubernetesClient client, IEditLog edits, EventRecorder recorder, SourceMetrics metrics, LiveObjects live)
{
    /// <summary>Who made the change, read before it is undone, since undoing it takes the fields away from them.</summary>
    public async Task<string> CulpritAsync(RevisionObject declared, ApplyAction.Revert revert, CancellationToken cancellationToken)
    {
        var observed = await client.GetAsync(declared.Resource, declared.Manifest.Key, cancellationToken);
        var who = DriftAttribution.Describe(observed, edits.LastEdit(declared.Resource, declared.Manifest.Key));
        var what = observed is null ? "was deleted" : revert.Differences.Count == 0 ? "lost its label or was made anew" : "was changed";
        return $"{what} {who}";
    }

    /// <summary>The Event for the source; null when the write turned out to change nothing, so that there was no drift.</summary>
    public ReportedEvent? Tell(GitSource source, RevisionObject declared, ApplyAction.Revert revert, JsonObject stored, string culprit)
    {
        var metadata = stored.Object("metadata");
        var version = metadata.String("resourceVersion") ?? "";
        if (live.Find(declared.Identity) is { } fact && fact.Uid == metadata.String("uid") && fact.ResourceVersion == version)
        {
            return null;
        }

        metrics.Detected(source.Key.Name, declared.Manifest.Kind);
        metrics.Reverted(source.Key.Name, declared.Manifest.Kind);
        var what = revert.Differences.Count == 0
            ? $"{culprit}; made again from {declared.Position}"
            : $"{culprit}; brought back to {declared.Position}: {string.Join("; ", revert.Differences.Take(5))}";
        recorder.Record(
            declared.Resource,
            new ObjectMeta { Name = declared.Manifest.Key.Name, Namespace = declared.Manifest.Key.Namespace, Uid = metadata.String("uid"), ResourceVersion = version },
            new ReportedEvent(true, "DriftReverted", $"{declared.Identity} {what}"));
        return new ReportedEvent(true, "DriftReverted", $"{declared.Identity} {what}");
    }
}
