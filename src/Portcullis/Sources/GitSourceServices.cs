using Microsoft.Extensions.DependencyInjection;
using Portcullis.Actions;
using Portcullis.Clients.Git;
using Portcullis.Core.Revisions;
using Portcullis.Core.Sources;
using Portcullis.Drift;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Kubernetes.Stores;
using Portcullis.Secrets;
using Portcullis.Sources.Apply;
using Portcullis.Sources.Fetch;
using Portcullis.Sources.Receive;
using Portcullis.Sources.Validate;

namespace Portcullis.Sources;

/// <summary>Registration of everything about Git sources.</summary>
internal static class GitSourceServices
{
    public static IServiceCollection AddGitSources(this IServiceCollection services)
    {
        services.AddEditLog().AddActions().AddBoundSecrets();
        services.AddController<GitSource, GitSourceStatus, GitSourceReconciler>();
        services.AddSingleton<ManifestReader>();
        services.AddSingleton<DynamicStores>();
        services.AddSingleton<SourceStates>();
        services.AddSingleton<SourceMetrics>();
        services.AddSingleton<SourceSecrets>();
        services.AddSingleton<LiveObjects>();
        services.AddSingleton<ServerValidation>();
        services.AddSingleton<RevisionValidator>();
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
        services.AddSingleton<ApplyServices>();
        services.AddSingleton<SourceApplier>();
        services.AddSingleton<SourceRemoval>();
        services.AddSingleton<SourceReporter>();
        services.AddSingleton<ReceiverPaths>();
        services.AddSingleton<NotificationLimits>();
        services.AddSingleton<SourceTrigger>();
        services.AddSingleton<WebhookReceiver>();
        services.AddSingleton<ReceiverServer>();
        services.AddHostedService(s => s.GetRequiredService<ReceiverServer>());
        return services;
    }
}
