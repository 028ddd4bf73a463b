using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portcullis.Registries;
using Portcullis.Signing;
using Portcullis.Trust.Reading;

namespace Portcullis.Trust;

/// <summary>Registration of trust data.</summary>
internal static class TrustServices
{
    /// <summary>The verifier of signatures on Notary servers; called by everything that asks who has signed an image. It needs an <see cref="ITrustAnchors"/>.</summary>
    public static IServiceCollection AddTrustReading(this IServiceCollection services)
    {
        services.AddRegistryConnections().AddChangeFeeds();
        services.TryAddSingleton<TrustReader>();
        services.TryAddSingleton<ReadTrust>(s => s.GetRequiredService<TrustReader>().ReadAsync);
        services.TryAddSingleton<TrustCache>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IImageVerifier, NotaryVerifier>());
        return services;
    }

    /// <summary>The changefeeds of Notary servers, each read once for all who listen.</summary>
    public static IServiceCollection AddChangeFeeds(this IServiceCollection services)
    {
        services.TryAddSingleton<TrustCacheOptions>();
        services.TryAddSingleton<ChangeFeeds>();
        return services;
    }
}
