using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Portcullis.Core;
using Portcullis.Grants;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Hosting;

namespace Portcullis.Admission;

/// <summary>Registration of admission, and of what it gives to other parts of the program.</summary>
internal static class AdmissionServices
{
    /// <summary>The record of hand edits. Safe to call from every kind that attributes drift; without a webhook it stays empty.</summary>
    public static IServiceCollection AddEditLog(this IServiceCollection services)
    {
        services.TryAddSingleton<EditLog>();
        services.TryAddSingleton<IEditLog>(provider => provider.GetRequiredService<EditLog>());
        return services;
    }

    /// <summary>The webhook server and its registration with the API server.</summary>
    public static IServiceCollection AddAdmission(this IServiceCollection services, AdmissionOptions options)
    {
        services.AddAccessState();
        services.AddUntypedStore(ClusterKinds.MutatingWebhook, WebhookRegistration.Selector);
        services.AddUntypedStore(ClusterKinds.ValidatingWebhook, WebhookRegistration.Selector);
        services.AddSingleton(options);
        services.AddSingleton<CertificateKeeper>();
        services.AddSingleton<PodAdmission>();
        services.AddSingleton<EditObserver>();
        services.AddSingleton<AdmissionMetrics>();
        services.AddSingleton<AdmissionWebhooks>();
        services.AddSingleton<WebhookRegistration>();
        services.AddSingleton<IControllerLoop>(s => s.GetRequiredService<WebhookRegistration>().Build(
            s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<WebhookRegistration>>()));
        return services.AddHostedService<AdmissionServer>();
    }
}
