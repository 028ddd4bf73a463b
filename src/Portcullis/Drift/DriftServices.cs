using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Portcullis.Drift;

/// <summary>Registration of what attributes drift.</summary>
internal static class DriftServices
{
    /// <summary>The record of manual edits. Safe to call from every kind that attributes drift; without the admission webhook it stays empty.</summary>
    public static IServiceCollection AddEditLog(this IServiceCollection services)
    {
        services.TryAddSingleton<EditLog>();
        services.TryAddSingleton<IEditLog>(provider => provider.GetRequiredService<EditLog>());
        return services;
    }

    /// <summary>The same, with the memory of what was put in place by which drift is known.</summary>
    public static IServiceCollection AddDriftLedger(this IServiceCollection services)
    {
        services.AddEditLog().TryAddSingleton<DriftLedger>();
        return services;
    }
}
