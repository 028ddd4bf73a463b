using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Portcullis.Evidence;

/// <summary>Registration of what is known of images.</summary>
internal static class EvidenceServices
{
    public static IServiceCollection AddImageEvidence(this IServiceCollection services)
    {
        services.TryAddSingleton<IImageEvidence, NoEvidence>();
        return services;
    }
}
