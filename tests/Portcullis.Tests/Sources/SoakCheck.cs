using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Objects.Json;

namespace Portcullis.Tests.Sources;

/// <summary>What the cluster must be like when all repositories are in force, read from the commits alone and compared with nothing of the operator's.</summary>
internal static class SoakCheck
{
    /// <summary>Empty when the cluster, the inventories and the statuses are as the repositories' heads say.</summary>
    public static async Task<IReadOnlyList<string>> DifferencesAsync(SourceWorld world, IReadOnlyList<SoakRepository> repositories)
    {
        var found = new List<string>();
        var expected = repositories.SelectMany(r => r.Objects.Select(o => (Source: r.Name, Object: o))).ToDictionary(o => Id(o.Object));
        foreach (var (source, one) in expected.Values)
        {
            var live = await world.Client.GetAsync(one.Resource, one.Key, default);
            var owner = live.Object("metadata").Object("labels").String(WellKnown.Labels.Source);
            found.AddRange(live is null ? [$"{one.Entry}: is missing"] : one.Differences(live));
            found.AddRange(live is null || owner == source ? [] : [$"{one.Entry}: belongs to {owner ?? "nobody"} instead of {source}"]);
        }

        foreach (var kind in SoakObject.Kinds)
        {
            await foreach (var live in ListAsync(world, kind))
            {
                var metadata = live.Object("metadata");
                var id = $"{kind.Kind} {metadata.String("namespace")}/{metadata.String("name")}";
                if (!expected.ContainsKey(id) && IsOurs(kind, metadata))
                {
                    found.Add($"{id}: is left over with the label {metadata.Object("labels").String(WellKnown.Labels.Source) ?? "of no source"}");
                }
            }
        }

        foreach (var repository in repositories)
        {
            found.AddRange(await InventoryAsync(world, repository));
            found.AddRange(Status(await world.GetSourceAsync(repository.Name), repository));
        }

        return found;
    }

    private static string Id(SoakObject one) => $"{one.Resource.Kind} {one.Namespace}/{one.Name}";

    /// <summary>Whatever a source labelled, and whatever else the repositories alone may have made.</summary>
    private static bool IsOurs(ApiResource kind, JsonObject? metadata) =>
        metadata.Object("labels").String(WellKnown.Labels.Source) is not null
        || kind.Kind is "Widget"
        || (metadata.String("name") is not "kube-root-ca.crt" && kind.Group.Length == 0
            && (metadata.String("namespace") is "work" || (metadata.String("namespace") ?? metadata.String("name"))!.StartsWith("soak-", StringComparison.Ordinal)));

    /// <summary>Widgets by whichever version is served now: none when their kind is gone.</summary>
    private static async IAsyncEnumerable<JsonObject> ListAsync(SourceWorld world, ApiResource kind)
    {
        foreach (var version in kind.Kind == "Widget" ? new[] { "v1", "v2" } : [kind.Version])
        {
            var items = new List<JsonObject>();
            try
            {
                await foreach (var live in world.Client.ListAsync(kind with { Version = version }, new ListOptions(), default))
                {
                    items.Add(live);
                }
            }
            catch (KubernetesApiException e) when (e.IsNotFound && kind.Kind == "Widget")
            {
                continue;
            }

            foreach (var live in items.Where(i => i.Object("metadata").String("name") is not "work" || kind.Kind != "Namespace"))
            {
                yield return live;
            }
        }
    }

    private static async Task<IReadOnlyList<string>> InventoryAsync(SourceWorld world, SoakRepository repository)
    {
        var listed = new List<string>();
        await foreach (var shard in world.Client.ListAsync(SourceInventory.Definition, new ListOptions { LabelSelector = $"{WellKnown.Labels.InventoryOf}={repository.Name}" }, default))
        {
            listed.AddRange(shard.Object("spec").Array("entries")!.Select(e => e!.ToString()));
        }

        var wanted = repository.Objects.Select(o => o.Entry).ToList();
        return
        [
            .. listed.Except(wanted).Select(e => $"inventory of {repository.Name}: lists {e}"),
            .. wanted.Except(listed).Select(e => $"inventory of {repository.Name}: does not list {e}"),
            .. listed.GroupBy(e => e).Where(g => g.Count() > 1).Select(g => $"inventory of {repository.Name}: lists {g.Key} twice"),
        ];
    }

    private static IEnumerable<string> Status(GitSource source, SoakRepository repository)
    {
        if (source.Status is not { } status)
        {
            yield return $"{repository.Name}: has no status";
            yield break;
        }

        var ready = SourceWorld.Ready(source);
        var told = (ready?.Status, status.LastAppliedCommit, status.ObservedGeneration, status.Objects);
        var wanted = ((string?)"True", (string?)repository.Head, source.Metadata.Generation, (int?)repository.Objects.Count);
        if (told != wanted)
        {
            yield return $"{repository.Name}: status is {told} instead of {wanted}: {ready?.Reason}: {ready?.Message}";
        }

        var revision = $"main@sha1:{repository.Head}";
        if ((status.LastAppliedRevision, status.LastAttemptedRevision, status.InForceRevision) != (revision, revision, revision))
        {
            yield return $"{repository.Name}: applied {status.LastAppliedRevision}, attempted {status.LastAttemptedRevision}, in force {status.InForceRevision} instead of {revision}";
        }

        var left = ((status.PendingCount ?? 0) + (status.Pending?.Count ?? 0), (status.DriftCount ?? 0) + (status.Drift?.Count ?? 0),
            (status.PruneBlockedCount ?? 0) + (status.PruneBlocked?.Count ?? 0), (status.ProblemCount ?? 0) + (status.Problems?.Count ?? 0));
        if (left != (0, 0, 0, 0))
        {
            yield return $"{repository.Name}: (pending, drift, prune blocked, problems) is {left}";
        }
    }
}
