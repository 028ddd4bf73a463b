using Microsoft.Extensions.DependencyInjection;
using Portcullis.Actions;
using Portcullis.Drift;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Kubernetes.Stores;
using Portcullis.Objects.Json;
using Portcullis.Tests.AddingAKind.Core;
using Portcullis.Tests.Sources;

namespace Portcullis.Tests.AddingAKind.Program;

/// <summary>Keeps the ConfigMap of a banner.</summary>
internal sealed class BannerReconciler(UntypedStores stores, KubernetesClient client, ActionRunner runner, BannerExecutor executor, DriftLedger ledger)
    : IReconciler<Banner, BannerStatus>, IFinalizer<Banner>
{
    public const string Selector = "app.kubernetes.io/managed-by=portcullis";

    public async Task<Reconciled<BannerStatus>> ReconcileAsync(Banner resource, ReconcileContext context, CancellationToken cancellationToken)
    {
        var (spec, before) = (resource.Spec, resource.Status);
        var key = BannerPlanner.KeyIn(spec.Namespace);
        var actions = BannerPlanner.Plan(spec, stores.Of(SourceWorld.ConfigMaps, Selector).Get(key), before?.Namespace);
        if (actions.Count == 0)
        {
            // What is right now is what a later difference is drift from.
            ledger.InPlace(SourceWorld.ConfigMaps, key, BannerPlanner.BodyOf(spec));
        }

        return BannerJudge.Judge(spec, before, await RunAsync(actions, cancellationToken));
    }

    /// <summary>Asks the server: the store may not show yet what was written a moment ago, and nobody comes back for it.</summary>
    public async Task<Outcome?> FinalizeAsync(Banner resource, ReconcileContext context, CancellationToken cancellationToken)
    {
        var present = new List<string>();
        foreach (var one in new[] { resource.Spec.Namespace, resource.Status?.Namespace }.OfType<string>().Distinct(StringComparer.Ordinal))
        {
            if (await client.GetAsync(SourceWorld.ConfigMaps, BannerPlanner.KeyIn(one), cancellationToken) is not null)
            {
                present.Add(one);
            }
        }

        return BannerJudge.JudgeLeaving(await RunAsync(BannerPlanner.PlanLeaving(present), cancellationToken));
    }

    private Task<IReadOnlyList<ActionResult>> RunAsync(IReadOnlyList<BannerAction> actions, CancellationToken cancellationToken) =>
        runner.RunAsync("banners", actions, executor, cancellationToken);
}

/// <summary>Writes and deletes ConfigMaps of banners.</summary>
internal sealed class BannerExecutor(KubernetesClient client, DriftLedger ledger) : IActionExecutor<BannerAction>
{
    public Task<Attribution?> AttributeAsync(BannerAction action, CancellationToken cancellationToken) => action is BannerAction.Apply apply
        ? ledger.AttributeAsync(SourceWorld.ConfigMaps, apply.Key, apply.Body, apply.Exists, cancellationToken)
        : Task.FromResult<Attribution?>(null);

    public async Task ExecuteAsync(BannerAction action, CancellationToken cancellationToken)
    {
        if (action is BannerAction.Apply apply)
        {
            await client.ApplyAsync(SourceWorld.ConfigMaps, apply.Body, new WriteOptions("portcullis-banners"), cancellationToken);
            ledger.InPlace(SourceWorld.ConfigMaps, apply.Key, apply.Body);
            return;
        }

        await client.DeleteAsync(SourceWorld.ConfigMaps, action.Key, new DeleteOptions(), cancellationToken);
        ledger.Forget(SourceWorld.ConfigMaps, action.Key);
    }
}

/// <summary>Registration of banners.</summary>
internal static class BannerServices
{
    public static IServiceCollection AddBanners(this IServiceCollection services)
    {
        services.AddDriftLedger().AddActions();
        services.AddUntypedStore(SourceWorld.ConfigMaps, BannerReconciler.Selector);
        services.AddSingleton<BannerExecutor>();
        return services.AddController<Banner, BannerStatus, BannerReconciler>(c => c.AlsoUntyped(
            SourceWorld.ConfigMaps,
            BannerReconciler.Selector,
            (map, banners) => banners.List().Where(b => b.Spec.Namespace == map.Object("metadata").String("namespace")).Select(b => b.Metadata.Key)));
    }
}
