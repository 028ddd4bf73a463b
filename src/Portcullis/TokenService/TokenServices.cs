using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portcullis.Access;
using Portcullis.Core;
using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;
using Portcullis.Identity;
using Portcullis.Kubernetes.Stores;
using Portcullis.Repositories.Writes;
using Portcullis.Tokens;

namespace Portcullis.TokenService;

/// <summary>Registration of the token service, and of the reading of its tokens.</summary>
internal static class TokenServices
{
    public static IServiceCollection AddTokenService(this IServiceCollection services)
    {
        services.AddAccess().AddIdentity();
        services.AddStore<Registry>().AddStore<Repository>(RepositoryIndexes.Add);
        services.AddStore<GatewayKeySecret>(o => (o.Namespace, o.LabelSelector) = (WellKnown.SystemNamespace, $"{WellKnown.Labels.Gateway}={GatewayKeySecret.Purpose}"));
        services.TryAddSingleton<DeclaredRepositories>();
        services.TryAddSingleton<GatewayKeys>();
        services.TryAddSingleton<IGatewayKeys>(s => s.GetRequiredService<GatewayKeys>());
        services.AddHostedService(s => s.GetRequiredService<GatewayKeys>());
        services.TryAddSingleton<TokenVerifier>();
        services.TryAddSingleton<ITokenVerifier>(s => s.GetRequiredService<TokenVerifier>());
        services.TryAddSingleton<TokenServiceStores>();
        services.TryAddSingleton<TokenIssuer>();
        services.TryAddSingleton<RefreshTokens>();
        services.TryAddSingleton<TokenEndpoint>();
        return services;
    }
}
