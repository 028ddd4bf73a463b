using System.Text.Json.Nodes;
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
internal sealed class BannerReconciler(UntypedStores stores, ActionRunner runner, BannerExecutor executor)
    : IReconciler<Banner, BannerStatus>, IFinalizer<Banner>
{
    public const string Selector = "app.kubernetes.io/managed-by=portcullis";

    public async Task<Reconciled<BannerStatus>> ReconcileAsync(Banner resource, ReconcileContext context, CancellationToken cancellationToken) =>
        BannerJudge.Judge(resource.Spec, await RunAsync(BannerPlanner.Plan(resource.Spec, Present(resource)), cancellationToken));

    public async Task<Outcome?> FinalizeAsync(Banner resource, ReconcileContext context, CancellationToken cancellationToken) =>
        BannerJudge.JudgeLeaving(await RunAsync(BannerPlanner.PlanLeaving(resource.Spec, Present(resource)), cancellationToken));

    private JsonObject? Present(Banner resource) => stores.Of(SourceWorld.ConfigMaps, Selector).Get(BannerPlanner.KeyOf(resource.Spec));

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
