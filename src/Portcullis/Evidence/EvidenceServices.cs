using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portcullis.Core.Scans;
using Portcullis.Kubernetes.Stores;
using Portcullis.Registries;
using Portcullis.Signing;
using Portcullis.Trust;
using Portcullis.Trust.Delegations;

namespace Portcullis.Evidence;

/// <summary>Registration of what is known of images.</summary>
internal static class EvidenceServices
{
    public static IServiceCollection AddImageEvidence(this IServiceCollection services)
    {
        if (services.Any(s => s.ServiceType == typeof(IImageEvidence)))
        {
            return services;
        }

        services.AddRegistryConnections().AddSignatures().AddTrustAnchors().AddTrustReading();
        services.AddStore<ImageScan>(ImageScanIndexes.Add);
        services.TryAddSingleton<IImageComponents, AttachedComponents>();
        services.TryAddSingleton<ScannedImages>();
        return services.AddSingleton<IImageEvidence, ImageEvidences>();
    }
}
