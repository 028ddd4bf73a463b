using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portcullis.Actions;
using Portcullis.Core;
using Portcullis.Core.Drift;
using Portcullis.Core.Kinds;
using Portcullis.Drift;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Kubernetes.Stores;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Crds;

namespace Portcullis.Bootstrap;

/// <summary>Keeps the CRDs of our kinds: with one of them all objects of its kind would go, and with them what they give (design law 1).</summary>
internal sealed class DefinitionTargets(UntypedStores stores, KindSet kinds, ActionRunner runner, DefinitionExecutor executor) : ITargetReconciler
{
    private readonly UntypedStore _store = stores.Of(ClusterKinds.CustomResourceDefinition);

    public string Name => "definitions";

    public int Workers => 1;

    public static void Add(IServiceCollection services)
    {
        services.AddUntypedStore(
            ClusterKinds.CustomResourceDefinition, null, o => o.Keep(crd => crd.Object("spec").String("group") == WellKnown.Group));
        services.AddSingleton<DefinitionExecutor>();
        services.AddTargets<DefinitionTargets>();
    }

    public IEnumerable<ObjectKey> Targets() => kinds.All.Select(k => ObjectKey.Cluster(k.Resource.QualifiedPlural));

    public IEnumerable<IDisposable> Subscribe(ITargetQueue queue) => [_store.Subscribe(change => queue.Disturbed(change.Key))];

    public async Task<TargetResult> ReconcileAsync(ObjectKey target, long since, CancellationToken cancellationToken)
    {
        if (kinds.All.FirstOrDefault(k => k.Resource.QualifiedPlural == target.Name) is not { } kind)
        {
            return new TargetResult([]);
        }

        var (wanted, present) = (CrdWriter.Crd(kind.Resource, kind.Options, kind.Type), _store.Get(target));
        return present.Object("metadata")?["deletionTimestamp"] is not null || DesiredState.Holds(wanted, present)
            ? new TargetResult([])
            : new TargetResult(await runner.RunAsync("definitions", [new DefinitionAction(target, wanted, present is not null)], executor, cancellationToken));
    }
}

/// <summary>Write the CRD of a kind.</summary>
internal sealed record DefinitionAction(ObjectKey Key, JsonObject Body, bool Exists) : PlannedAction
{
    public override string Id => $"{ClusterKinds.CustomResourceDefinition.Kind} {Key}";

    public override string Describe() => $"{(Exists ? "change" : "create")} {Id}";
}

/// <summary>Writes CRDs.</summary>
internal sealed class DefinitionExecutor(KubernetesClient client, DriftLedger ledger) : IActionExecutor<DefinitionAction>
{
    public Task<Attribution?> AttributeAsync(DefinitionAction action, CancellationToken cancellationToken) =>
        ledger.AttributeAsync(ClusterKinds.CustomResourceDefinition, action.Key, action.Body, action.Exists, cancellationToken);

    public async Task ExecuteAsync(DefinitionAction action, CancellationToken cancellationToken)
    {
        await client.ApplyAsync(ClusterKinds.CustomResourceDefinition, action.Body, ClusterBootstrap.Writer, cancellationToken);
        ledger.InPlace(ClusterKinds.CustomResourceDefinition, action.Key, action.Body);
    }
}
