using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Objects.Json;

namespace Portcullis.Uninstall;

/// <summary>
/// Takes the labels of Collections off namespaces, and labels and taints off nodes, so that pods of everybody may run there again. The namespaces
/// themselves and what is in them stay.
/// </summary>
internal sealed class MarkStep(InstalledCluster cluster, UninstallOptions options) : IRemovalStep
{
    public string Title => options.KeepGuardrails ? "labels and taints of Collections on nodes" : "labels of Collections on namespaces, labels and taints on nodes";

    public async Task<IReadOnlyList<Removal>> FindAsync(CancellationToken cancellationToken)
    {
        var found = (await cluster.ListAsync(ClusterKinds.Node, null, cancellationToken)).Where(n => OwnObjects.IsMarked(n) || IsTainted(n))
            .Select(n => Release(ClusterKinds.Node, n));
        if (!options.KeepGuardrails)
        {
            // Network policies and Pod Security are what these labels select.
            found = (await cluster.ListAsync(ClusterKinds.Namespace, null, cancellationToken)).Where(OwnObjects.IsMarked)
                .Select(n => Release(ClusterKinds.Namespace, n)).Concat(found);
        }

        return [.. found];
    }

    private Removal Release(ApiResource resource, JsonObject found) => new(InstalledCluster.Name(resource, found), async token =>
    {
        if (await cluster.Client.GetAsync(resource, ObjectKey.Of(found), token) is not { } present)
        {
            return;
        }

        var metadata = new JsonObject
        {
            ["resourceVersion"] = present.Object("metadata").String("resourceVersion"),
            ["labels"] = new JsonObject(CollectionPlanner.OwnLabels(present).Select(l => KeyValuePair.Create(l, (JsonNode?)null))),
            ["annotations"] = new JsonObject { [WellKnown.Annotations.AccessLabel] = null },
        };
        var patch = new JsonObject { ["metadata"] = metadata };
        if (IsTainted(present))
        {
            patch["spec"] = new JsonObject { ["taints"] = CollectionPlanner.Taints(present, null) };
        }

        await cluster.Client.MergePatchAsync(resource, ObjectKey.Of(present), patch, InstalledCluster.Writer, token);
    });

    private static bool IsTainted(JsonObject node) =>
        node.Object("spec").Array("taints")?.Any(t => t.String("key") == WellKnown.Labels.NodePool) == true;
}
