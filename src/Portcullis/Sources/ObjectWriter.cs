using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Portcullis.Core;
using Portcullis.Core.Kinds;
using Portcullis.Core.Revisions;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Objects.Json;

namespace Portcullis.Sources;

/// <summary>Writes and deletes one declared object, and remembers what came of it: stamp, spelling, or the server's refusal.</summary>
internal sealed partial class ObjectWriter(
    IKubernetesClient client, SourceGatherer gatherer, LiveObjects live, DriftTeller drift, WriteFailures failures, ILogger<ObjectWriter> logger)
{
    /// <summary>Asks again for kinds that the server did not list: their definitions may have been written since.</summary>
    public Task LookAgainAsync(SourceState state, IEnumerable<ApplyAction> writes, CancellationToken cancellationToken) => live.FollowAsync(
        writes.Select(w => state.InForce!.ByIdentity[SourceApplier.Target(w)!.Identity].Resource).Where(r => live.RefusalOf(r) is { IsAbsent: true }),
        cancellationToken);

    /// <summary>Whether this content of the object is on its way back through the watch.</summary>
    public bool IsAwaited(DesiredObject target) => live.Awaited.Contains(target.Identity, target.ContentDigest);

    /// <summary>Writes the object of a create, a change or a revert. False when the server gave no answer, which need not be the object's fault.</summary>
    public async Task<bool> WriteAsync(
        GitSource source,
        SourceState state,
        ApplyAction action,
        Dictionary<ObjectIdentity, ObjectStamp> stamps,
        List<ReportedEvent> events,
        CancellationToken cancellationToken)
    {
        var target = SourceApplier.Target(action)!;
        var declared = state.InForce!.ByIdentity[target.Identity];
        if (live.RefusalOf(declared.Resource) is { } refusal)
        {
            // What cannot be seen would be written again at every visit.
            lock (state)
            {
                failures.NotListed(state, target, refusal);
            }

            Log.Refused(logger, source.Key.Name, target.Identity, refusal.Message);
            return true;
        }

        try
        {
            var culprit = action is ApplyAction.Revert reverted ? await drift.CulpritAsync(declared, reverted, cancellationToken) : null;
            var body = ObjectBody.For(declared, source.Key.Name, stamps[target.Identity]);
            live.Awaited.Begin(target.Identity, target.ContentDigest);
            var stored = await StoreAsync(source, declared, body, cancellationToken);
            lock (state)
            {
                Remember(state, body, target, stored, stamps[target.Identity], action);
                if (action is ApplyAction.Revert revert && drift.Tell(source, declared, revert, stored, culprit!) is { } told)
                {
                    events.Add(told);
                }
            }

            Log.Done(logger, source.Key.Name, action.Describe());
            return true;
        }
        catch (Exception e) when (e is KubernetesApiException or HttpRequestException)
        {
            live.Awaited.End(target.Identity);
            lock (state)
            {
                failures.Remember(state, target.Identity, target.ContentDigest, e.Message, (e as KubernetesApiException)?.RetryAfter);
            }

            Log.Refused(logger, source.Key.Name, target.Identity, e.Message);
            return e is KubernetesApiException;
        }
        catch (OperationCanceledException)
        {
            live.Awaited.End(target.Identity);
            throw;
        }
    }

    /// <summary>Deletes an object that left Git, if it is still the one that was planned for.</summary>
    public async Task PruneAsync(GitSource source, SourceState state, ApplyAction.Prune prune, CancellationToken cancellationToken)
    {
        if (await gatherer.ResourceOfAsync(prune.Entry, cancellationToken) is not { } resource)
        {
            return;
        }

        try
        {
            var pruned = await client.DeleteAsync(
                resource, prune.Entry.Identity.Key, new DeleteOptions { Uid = prune.Uid, PropagationPolicy = "Background" }, cancellationToken);
            state.Tally.Pruned += pruned ? 1 : 0;
            state.Stamps.Remove(prune.Entry.Identity);
            state.Failures.Remove(prune.Entry.Identity);
            Log.Done(logger, source.Key.Name, prune.Describe());
        }
        catch (Exception e) when (e is KubernetesApiException or HttpRequestException)
        {
            failures.Remember(state, prune.Entry.Identity, "", e.Message, (e as KubernetesApiException)?.RetryAfter);
            Log.Refused(logger, source.Key.Name, prune.Entry.Identity, e.Message);
        }
    }

    /// <summary>
    /// Applying never takes away what another manager put into a list that is merged by key; whoever joined a team by hand would stay in it.
    /// So lists that still have other items are then put as a whole. A server that fills lists in by itself does so again, and that is its spelling.
    /// </summary>
    private async Task<JsonObject> StoreAsync(GitSource source, RevisionObject declared, JsonObject body, CancellationToken cancellationToken)
    {
        var writer = new WriteOptions(WellKnown.Managers.GitSources);
        var stored = await client.ApplyAsync(declared.Resource, body, writer, cancellationToken);
        var others = source.Spec.Drift?.Mode == DriftMode.Warn ? [] : FieldDifferences.WithOtherItems(body, stored);
        if (others.Count == 0)
        {
            return stored;
        }

        var patch = new JsonObject { ["metadata"] = new JsonObject { ["uid"] = stored.Object("metadata").String("uid") } };
        foreach (var field in others)
        {
            patch[field] = body[field]!.DeepClone();
        }

        return await client.MergePatchAsync(declared.Resource, declared.Manifest.Key, patch, writer, cancellationToken);
    }

    private static void Remember(
        SourceState state, JsonObject sent, DesiredObject target, JsonObject stored, ObjectStamp stamp, ApplyAction action)
    {
        state.Failures.Remove(target.Identity);
        state.Stamps[target.Identity] = (target.ContentDigest, stamp);
        state.Tally.Wrote(target.Identity, action);
        var spelled = FieldDifferences.Between(sent, stored, limit: 10);
        if (spelled.Count > 0)
        {
            state.Spellings[target.Identity] = (target.ContentDigest, string.Join('\n', spelled));
        }
        else
        {
            state.Spellings.Remove(target.Identity);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4010, LogLevel.Debug, "GitSource {Source}: {Action}")]
        public static partial void Done(ILogger logger, string source, string action);

        [LoggerMessage(4011, LogLevel.Warning, "GitSource {Source}: {Object} was refused: {Message}")]
        public static partial void Refused(ILogger logger, string source, ObjectIdentity @object, string message);
    }
}
