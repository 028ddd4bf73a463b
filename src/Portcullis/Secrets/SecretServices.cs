using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Portcullis.Secrets;

/// <summary>Registration of how Secrets are read; called by every kind that refers to one.</summary>
internal static class SecretServices
{
    public static IServiceCollection AddBoundSecrets(this IServiceCollection services)
    {
        services.TryAddSingleton<BoundSecrets>();
        services.TryAddSingleton<SecretWatch>();
        return services;
    }
}
