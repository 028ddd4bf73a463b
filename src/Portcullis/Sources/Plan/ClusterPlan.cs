using System.Text.Json;
using Portcullis.Core.Kinds;
using Portcullis.Core.Revisions;
using Portcullis.Core.Scopes;
using Portcullis.Core.Sources;
using Portcullis.Errors;
using Portcullis.Kubernetes;
using Portcullis.Kubernetes.Client;
using Portcullis.Sources.Apply;
using Portcullis.Sources.Fetch;
using Portcullis.Sources.Validate;

namespace Portcullis.Sources.Plan;

/// <summary>What a source's revision would change in a cluster now, and what would keep it out: judged as the operator judges it, writing nothing.</summary>
internal sealed class ClusterPlan(KubernetesClient client, KindSet kinds, string rootSource)
{
    /// <summary>The plan, or everything that is wrong with the revision.</summary>
    /// <exception cref="CommandException">The cluster has no such source.</exception>
    public async Task<(RevisionPlan? Plan, IReadOnlyList<RevisionProblem> Problems)> MakeAsync(
        IReadOnlyList<RevisionFile> files, IReadOnlyList<RevisionProblem> unread, string source, CancellationToken cancellationToken)
    {
        var foreign = await ForeignKinds.FindAsync(client, files, kinds, cancellationToken);
        var wanted = RevisionContent.Assemble(
            files, kinds, (apiVersion, kind) => foreign.GetValueOrDefault((apiVersion, kind)), await NewerServer.JudgesUnknownFieldsAsync(client, files, cancellationToken));
        var state = await ClusterState.ReadAsync(
            client, kinds.Declarable.Select(k => k.Resource).Concat(wanted.Objects.Select(o => o.Resource)), cancellationToken);
        var around = new RevisionSurroundings
        {
            Holder = HolderOf(source, state),
            InForce = state.OwnedByOthers(source),
            OwnerOf = state.OwnerOf,
            AllowLocal = true,
        };
        var problems = RevisionJudgement.Problems(wanted, unread, around, kinds);
        if (problems.Count == 0)
        {
            problems = await new ServerValidation(client, kinds, new ParallelRequests(new KubernetesOptions()))
                .CheckAsync(source, wanted, o => state.Objects.GetValueOrDefault(o.Identity)?.Fact.ContentDigest == o.Manifest.Digest, cancellationToken);
        }

        return problems.Count > 0 ? (null, problems) : (await CompareAsync(wanted, source, state, cancellationToken), []);
    }

    /// <summary>The root source may yet be to come: then all is allowed that it may allow.</summary>
    private ScopeHolder HolderOf(string source, ClusterState state) =>
        state.Objects.GetValueOrDefault(new ObjectIdentity(GitSource.Definition.Group, GitSource.Definition.Kind, ObjectKey.Cluster(source))) is { } found
            ? found.Value.Deserialize(GitSource.JsonType)!.ToScopeHolder(rootSource)
            : source == rootSource
                ? new ScopeHolder(source, true, new SourceScope(), true)
                : throw new CommandException(ExitCode.WrongInput, $"there is no GitSource {source} in the cluster, so that nothing is known of its scope");

    private async Task<RevisionPlan> CompareAsync(RevisionContent wanted, string source, ClusterState state, CancellationToken cancellationToken)
    {
        var inventory = new InventoryMemory();
        await new SourceInventories(client).LoadAsync(source, inventory, cancellationToken);
        var planned = new List<PlannedObject>();
        foreach (var one in wanted.Objects)
        {
            planned.Add(await PlanAsync(one, source, state, cancellationToken));
        }

        var declared = wanted.Objects.Select(o => o.Identity).ToHashSet();
        var pruned = inventory.Entries.Where(e => !declared.Contains(e.Identity)).Select(e => new PlannedObject(PlannedChange.Prune, e.Identity, null, []));
        return RevisionPlan.Ordered(planned.Concat(pruned), kinds);
    }

    private async Task<PlannedObject> PlanAsync(RevisionObject one, string source, ClusterState state, CancellationToken cancellationToken)
    {
        var position = one.Position.ToString();
        if (!state.Objects.TryGetValue(one.Identity, out var found))
        {
            return new PlannedObject(PlannedChange.Create, one.Identity, position, []);
        }

        var ours = kinds.FindByGroup(one.Resource.Group, one.Resource.Kind);
        var differences = LiveComparison.Of(one.Manifest.ToObject(), found.Value, ours);
        if (differences.Count > 0 && ours is null)
        {
            var body = ObjectBody.For(one, source, found.Fact.Stamp ?? new ObjectStamp("", "", ""));
            differences = LiveComparison.Of(one.Manifest.ToObject(), found.Value, ours, await new ObjectWriter(client, kinds).TryAsync(one, body, cancellationToken));
        }

        return found.Fact.ContentDigest == one.Manifest.Digest && differences.Count == 0
            ? new PlannedObject(PlannedChange.Unchanged, one.Identity, position, [])
            : new PlannedObject(PlannedChange.Configure, one.Identity, position, differences);
    }
}
