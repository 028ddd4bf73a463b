using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portcullis.Actions;
using Portcullis.Bindings;
using Portcullis.Clients.Git;
using Portcullis.Core.Revisions;
using Portcullis.Core.Sources;
using Portcullis.Declarations;
using Portcullis.Drift;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Kubernetes.Stores;
using Portcullis.Secrets;
using Portcullis.Sources.Apply;
using Portcullis.Sources.Bindings;
using Portcullis.Sources.Fetch;
using Portcullis.Sources.Receive;
using Portcullis.Sources.Root;
using Portcullis.Sources.Validate;

namespace Portcullis.Sources;

/// <summary>Registration of everything about Git sources.</summary>
internal static class GitSourceServices
{
    public static IServiceCollection AddGitSources(this IServiceCollection services)
    {
        services.AddDriftLedger().AddActions().AddBoundSecrets();
        services.TryAddSingleton<DeclarationOptions>();
        services.TryAddSingleton<DeclarationRegister>();
        services.AddController<GitSource, GitSourceStatus, GitSourceReconciler>();
        services.AddSingleton<ManifestReader>();
        services.TryAddSingleton<DynamicStores>();
        services.AddSingleton<SourceStates>();
        services.AddSingleton<SourceMetrics>();
        services.AddSingleton<SourceSecrets>();
        services.AddSingleton<LiveObjects>();
        services.AddSingleton<ServerValidation>();
        services.AddSingleton<RevisionValidator>();
        services.AddSingleton<IRevisionGate, PruneGate>();
        services.AddSingleton(s => new SshConnections(GitMirrors.OptionsOf(s.GetRequiredService<GitSourcesOptions>()), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<GitMirrors>();
        services.AddSingleton<SourceLoader>();
        services.AddSingleton<SourceFetching>();
        services.AddSingleton<SourceInventories>();
        services.AddSingleton<InventoryWatch>();
        services.AddSingleton<SourceGatherer>();
        services.AddSingleton<SourcePlans>();
        services.AddSingleton<DriftReporter>();
        services.AddSingleton<WriteFailures>();
        services.AddSingleton<ObjectWriter>();
        services.AddSingleton<SourceConfirmations>();
        services.AddSingleton<RootSourceExecutor>();
        services.AddTargets<RootSourceTargets>();
        services.AddSingleton<UndeclaredBindingExecutor>();
        UngrantedBindings.Add(services);
        services.AddTargets<UndeclaredBindingTargets>();
        services.AddSingleton<ApplyServices>();
        services.AddSingleton<SourceApplier>();
        services.AddSingleton<SourceRemoval>();
        services.AddSingleton<SourceReporter>();
        services.AddSingleton<ReceiverKey>();
        services.AddSingleton<ReceiverPaths>();
        services.AddSingleton<NotificationLimits>().AddSingleton<ReceiverTokens>();
        services.TryAddSingleton<NoticeTokens>();
        services.AddSingleton<SourceTrigger>();
        services.AddSingleton<INoticeReceiver, WebhookReceiver>();
        services.AddSingleton<ReceiverServer>();
        services.AddHostedService(s => s.GetRequiredService<ReceiverServer>());
        return services;
    }
}
