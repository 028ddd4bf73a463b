using Portcullis.Core;
using Portcullis.Core.Grants;
using Portcullis.Core.Hardening;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;

namespace Portcullis.Uninstall;

/// <summary>What an uninstall leaves where it is, and what follows from that: to be read before it begins.</summary>
internal sealed class UninstallNotes(InstalledCluster cluster, UninstallOptions options)
{
    /// <summary>Few enough to be read.</summary>
    private const int Named = 5;

    private const string RightsOfYours = "rbac.portcullis.dev/aggregate-to-operator=true";

    /// <summary>Where something cannot be read, its error stands in its place.</summary>
    public async Task<IReadOnlyList<string>> ReadAsync(CancellationToken cancellationToken)
    {
        var notes = new List<string>();
        foreach (var part in (Func<CancellationToken, Task<IEnumerable<string>>>[])[NamespacesAsync, AccessAsync, NodesAsync, TrustKeysAsync, RightsAsync])
        {
            try
            {
                notes.AddRange(await part(cancellationToken));
            }
            catch (KubernetesApiException e)
            {
                notes.Add($"what could not be read: {e.Message}");
            }
        }

        return notes;
    }

    private async Task<IEnumerable<string>> NamespacesAsync(CancellationToken cancellationToken)
    {
        var made = (await cluster.ListAsync(ClusterKinds.Namespace, null, cancellationToken))
            .Count(n => n.Object("metadata").Object("annotations").String(WellKnown.Annotations.CreatedFor) is not null);
        return made == 0 ? [] : [$"{Pluralize.Of(made, "namespace")} made for Collections, with all that is in them"];
    }

    /// <summary>Without an operator a Grant's end is nothing that happens.</summary>
    private async Task<IEnumerable<string>> AccessAsync(CancellationToken cancellationToken)
    {
        if (!options.KeepAccess)
        {
            return [];
        }

        var ending = (await cluster.ListAsync(Grant.Definition, null, cancellationToken))
            .Where(g => g.Object("spec").String("expiresAt") is not null)
            .Select(g => $"{OwnObjects.NameOf(g)} ({g.Object("spec").String("expiresAt")})")
            .ToList();
        return
        [
            "RoleBindings of Grants and their ClusterRoles: nobody revokes them any more",
            .. ending.Count == 0 ? [] : (IEnumerable<string>)[$"the access of {Pluralize.Of(ending.Count, "Grant")} that should end: {List(ending)}. Delete it yourself"],
        ];
    }

    private async Task<IEnumerable<string>> NodesAsync(CancellationToken cancellationToken)
    {
        var nodes = (await cluster.ListAsync(NodeReport.Definition, null, cancellationToken))
            .Where(r => r.Object("status").Array("keys") is { Count: > 0 })
            .Select(OwnObjects.NameOf)
            .ToList();
        return nodes.Count == 0 ? [] : [$"daemon.json with the keys of NodeHardenings, and the agent's folder, on {Pluralize.Of(nodes.Count, "node")}: {List(nodes)}"];
    }

    private async Task<IEnumerable<string>> TrustKeysAsync(CancellationToken cancellationToken)
    {
        var keys = options.DeleteTrustKeys ? 0 : await new NamespaceStep(cluster, options).TrustKeysAsync(cancellationToken);
        return keys == 0 ? [] : [$"the namespace {WellKnown.TrustNamespace} with {Pluralize.Of(keys, "Secret")}, which may sign trust data (--delete-trust-keys)"];
    }

    private async Task<IEnumerable<string>> RightsAsync(CancellationToken cancellationToken)
    {
        var roles = (await cluster.ListAsync(ClusterKinds.ClusterRole, RightsOfYours, cancellationToken)).Select(OwnObjects.NameOf).ToList();
        return roles.Count == 0 ? [] : [$"{Pluralize.Of(roles.Count, "ClusterRole")} of yours that gave the operator more rights: {List(roles)}"];
    }

    private static string List(List<string> names) =>
        string.Join(", ", names.Take(Named)) + (names.Count > Named ? $" and {names.Count - Named} more" : "");
}
