using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Drift;
using Portcullis.Core.Kinds;
using Portcullis.Core.Revisions;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;

namespace Portcullis.Sources.Apply;

/// <summary>Writes one declared object so that the cluster holds it as it is declared, whoever had a hand in it before.</summary>
internal sealed class ObjectWriter(KubernetesClient client, KindSet kinds)
{
    private static readonly WriteOptions Writer = new(WellKnown.Managers.GitSources);

    /// <summary>What the server made of it.</summary>
    /// <param name="declared">The object.</param>
    /// <param name="body">Its content with its stamps.</param>
    /// <param name="keepsItems">Items that others added to lists stay (drift mode Warn).</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public async Task<JsonObject> StoreAsync(RevisionObject declared, JsonObject body, bool keepsItems, CancellationToken cancellationToken)
    {
        var stored = await client.ApplyAsync(declared.Resource, body, Writer, cancellationToken);
        if (FieldTakeover.Of(stored, WellKnown.Managers.GitSources) is { } managers)
        {
            stored = await TakeOverAsync(declared, body, stored, managers, cancellationToken);
        }

        if (kinds.FindByGroup(declared.Resource.Group, declared.Resource.Kind) is { } ours)
        {
            return LiveComparison.Removal(body, stored, ours) is { } removal
                ? await PatchAsync(declared, stored, removal, Writer, cancellationToken)
                : stored;
        }

        return keepsItems || WithListsOf(body, stored) is not { } patch ? stored : await PatchAsync(declared, stored, patch, Writer, cancellationToken);
    }

    /// <summary>What the server would make of it now. Null when it does not say.</summary>
    public async Task<JsonObject?> TryAsync(RevisionObject declared, JsonObject body, CancellationToken cancellationToken)
    {
        var trial = Writer with { DryRun = true };
        try
        {
            var stored = await client.ApplyAsync(declared.Resource, body, trial, cancellationToken);
            return WithListsOf(body, stored) is { } patch ? await PatchAsync(declared, stored, patch, trial, cancellationToken) : stored;
        }
        catch (Exception e) when (e is KubernetesApiException or HttpRequestException)
        {
            // Then the manifest's own form is all there is to compare with.
            return null;
        }
    }

    /// <summary>What kubectl's managers own becomes ours, so that applying once more takes off what Git does not declare.</summary>
    private async Task<JsonObject> TakeOverAsync(RevisionObject declared, JsonObject body, JsonObject stored, JsonArray managers, CancellationToken cancellationToken)
    {
        var metadata = new JsonObject { ["managedFields"] = managers, ["resourceVersion"] = stored.Object("metadata").String("resourceVersion") };
        await client.MergePatchAsync(declared.Resource, declared.Manifest.Key, new JsonObject { ["metadata"] = metadata }, Writer, cancellationToken);
        return await client.ApplyAsync(declared.Resource, body, Writer, cancellationToken);
    }

    /// <summary>
    /// Applying never removes what another manager put into a list that is merged by key; whoever joined a team by hand would stay in it.
    /// So lists that still have other items are then put as a whole. A server that fills lists in by itself does so again, and that is its form of it.
    /// </summary>
    private static JsonObject? WithListsOf(JsonObject body, JsonObject stored)
    {
        var others = FieldDifferences.WithOtherItems(body, stored);
        return others.Count == 0 ? null : new JsonObject(others.Select(field => KeyValuePair.Create(field, body[field]?.DeepClone())));
    }

    private Task<JsonObject> PatchAsync(RevisionObject declared, JsonObject stored, JsonObject patch, WriteOptions options, CancellationToken cancellationToken)
    {
        patch["metadata"] = new JsonObject { ["uid"] = stored.Object("metadata").String("uid") };
        return client.MergePatchAsync(declared.Resource, declared.Manifest.Key, patch, options, cancellationToken);
    }
}
