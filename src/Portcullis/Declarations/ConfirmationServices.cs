using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Portcullis.Core.Sources;
using Portcullis.Drift;
using Portcullis.Kubernetes.Declarations;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Declarations;

/// <summary>Registration of what only lets declared objects be acted upon (design law 1).</summary>
internal static class ConfirmationServices
{
    /// <summary>Of the operator, whose sources say what is declared.</summary>
    public static IServiceCollection AddDeclarations(this IServiceCollection services, DeclarationOptions options)
    {
        services.AddSingleton(options);
        services.AddDriftLedger().TryAddSingleton<DeclarationRegister>();
        return services.AddSingleton<IDeclarations>(s => s.GetRequiredService<DeclarationRegister>());
    }

    /// <summary>Lets the register see which sources there are, before any store is filled.</summary>
    public static IHost FollowSources(this IHost host)
    {
        host.Services.GetRequiredService<DeclarationRegister>().Follow((IDeclaredStore<GitSource>)host.Services.GetRequiredService<IStore<GitSource>>());
        return host;
    }

    /// <summary>Of an agent, which reads what the operator confirmed.</summary>
    public static IServiceCollection AddReportedDeclarations(this IServiceCollection services) =>
        services.AddSingleton<IDeclarations, ReportedDeclarations>();
}
