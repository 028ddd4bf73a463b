using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portcullis.Audit;

namespace Portcullis.Actions;

/// <summary>Registration of the action runner and of the audit that it writes to.</summary>
internal static class ActionServices
{
    public static IServiceCollection AddActions(this IServiceCollection services)
    {
        services.TryAddSingleton<IAuditSink, AuditLog>();
        services.TryAddSingleton<ActionRunner>();
        return services;
    }
}
