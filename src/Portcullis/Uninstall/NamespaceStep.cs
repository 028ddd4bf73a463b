using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Objects.Json;

namespace Portcullis.Uninstall;

/// <summary>
/// Deletes the program's own namespaces with all that is in them, and waits until they are gone. Keys that sign trust data cannot be made again, so
/// that their namespace goes only when it has none, or when that is asked for.
/// </summary>
internal sealed class NamespaceStep(InstalledCluster cluster, UninstallOptions options) : IRemovalStep
{
    public string Title => "namespaces";

    public async Task<IReadOnlyList<Removal>> FindAsync(CancellationToken cancellationToken)
    {
        var found = new List<Removal>();
        foreach (var name in (string[])[WellKnown.SystemNamespace, WellKnown.TrustNamespace])
        {
            if (await cluster.Client.GetAsync(ClusterKinds.Namespace, ObjectKey.Cluster(name), cancellationToken) is { } present
                && (name != WellKnown.TrustNamespace || options.DeleteTrustKeys || await TrustKeysAsync(cancellationToken) == 0))
            {
                found.Add(cluster.DeletionToTheEnd(ClusterKinds.Namespace, present, options.Patience, (live, _) => Task.FromResult(WhatHolds(live))));
            }
        }

        return found;
    }

    /// <summary>How many Secrets there are in the namespace of trust keys.</summary>
    public async Task<int> TrustKeysAsync(CancellationToken cancellationToken) =>
        (await cluster.ListAsync(ClusterKinds.Secret, null, cancellationToken, WellKnown.TrustNamespace)).Count;

    /// <summary>What the namespace controller says, else that it is at work.</summary>
    private static string WhatHolds(JsonObject present)
    {
        var conditions = (present.Object("status").Array("conditions") ?? []).Where(c => c.String("status") == "True").Select(c => c.String("message")).OfType<string>().ToList();
        return conditions.Count > 0 ? string.Join("; ", conditions) : "the API server has not emptied it yet";
    }
}
