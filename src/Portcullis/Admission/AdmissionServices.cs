using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portcullis.Access;
using Portcullis.Actions;
using Portcullis.Admission.Signatures;
using Portcullis.Admission.Webhooks;
using Portcullis.Core;
using Portcullis.Declarations;
using Portcullis.Drift;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Kubernetes.Stores;
using Portcullis.Signing;

namespace Portcullis.Admission;

/// <summary>Registration of the admission webhooks.</summary>
internal static class AdmissionServices
{
    /// <summary>The webhook server and its registration with the API server.</summary>
    public static IServiceCollection AddAdmission(this IServiceCollection services, AdmissionOptions options)
    {
        services.AddAccess().AddDriftLedger().AddActions().AddSignatures();
        services.AddUntypedStore(ClusterKinds.MutatingWebhook, WellKnown.Labels.ManagedSelector);
        services.AddUntypedStore(ClusterKinds.ValidatingWebhook, WellKnown.Labels.ManagedSelector);
        services.AddSingleton(options);
        services.TryAddSingleton<DeclarationOptions>();
        services.TryAddSingleton<DeclarationRegister>();
        services.AddSingleton<CertificateSecret>();
        services.AddWebhooks();
        services.AddSingleton<AdmissionMetrics>();
        services.AddSingleton<WebhookDispatcher>();
        services.AddSingleton<WebhookExecutor>();
        services.AddTargets<WebhookRegistration>();
        return services.AddHostedService<AdmissionServer>();
    }

    /// <summary>The list of webhooks, in the order of the generated configurations.</summary>
    private static void AddWebhooks(this IServiceCollection services)
    {
        services.AddSingleton<NamespaceCollections>();
        services.AddSingleton<CallerReview>();
        services.AddSingleton<OwnIdentity>();
        services.AddSingleton<PodOptionReview>();
        services.AddSingleton<UnjudgedImages>().AddSingleton<SignatureTerms>().AddSingleton<ImageReview>().AddSingleton<WorkloadAge>().AddSingleton<SignatureRecord>();
        services.TryAddSingleton<IAdmissionAudit, AdmissionAudit>();
        services.AddSingleton<ISigningGate, SignedImagesGate>();
        services.AddSingleton<IWebhook, AppliedByWebhook>();
        services.AddSingleton<IWebhook, PodPlacementWebhook>();
        services.AddSingleton<IWebhook, DaemonSetPlacementWebhook>();
        services.AddSingleton<IWebhook, ImagePinningWebhook>();
        services.AddSingleton<IWebhook, PodOptionsWebhook>();
        services.AddSingleton<IWebhook, SignedImagesWebhook>();
        services.AddSingleton<IWebhook, NodeReportWebhook>();
        services.AddSingleton<IWebhook, EditObserver>();
        services.AddSingleton<IWebhook, DeclaredEditsWebhook>();
        services.AddSingleton<IWebhook, AnnotationRightsWebhook>();
    }
}
