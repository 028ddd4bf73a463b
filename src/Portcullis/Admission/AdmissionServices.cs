using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Portcullis.Core;
using Portcullis.Drift;
using Portcullis.Grants;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Hosting;

namespace Portcullis.Admission;

/// <summary>Registration of the admission webhooks.</summary>
internal static class AdmissionServices
{
    /// <summary>The webhook server and its registration with the API server.</summary>
    public static IServiceCollection AddAdmission(this IServiceCollection services, AdmissionOptions options)
    {
        services.AddAccessState();
        services.AddEditLog();
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
