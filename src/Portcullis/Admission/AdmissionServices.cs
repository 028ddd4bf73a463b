using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Portcullis.Admission;

/// <summary>Registration of what admission gives to other parts of the program.</summary>
internal static class AdmissionServices
{
    /// <summary>The record of hand edits. Safe to call from every kind that attributes drift; without a webhook it stays empty.</summary>
    public static IServiceCollection AddEditLog(this IServiceCollection services)
    {
        services.TryAddSingleton<EditLog>();
        services.TryAddSingleton<IEditLog>(provider => provider.GetRequiredService<EditLog>());
        return services;
    }
}
