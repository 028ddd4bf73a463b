using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portcullis.Drift;

namespace Portcullis.Kept;

/// <summary>Registration of what writes objects that are ours as a whole. Safe to call from every kind that keeps some.</summary>
internal static class KeptServices
{
    public static IServiceCollection AddKeptObjects(this IServiceCollection services)
    {
        services.AddDriftLedger();
        services.TryAddSingleton<ForeignObjects>();
        services.TryAddSingleton<KeptObjectWriter>();
        services.TryAddSingleton<KeptObjects>();
        return services;
    }
}
