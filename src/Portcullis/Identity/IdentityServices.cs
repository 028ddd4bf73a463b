using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portcullis.Core;
using Portcullis.Core.Identity;
using Portcullis.Core.Organizations;
using Portcullis.Identity.AccessTokens;
using Portcullis.Identity.Directories;
using Portcullis.Identity.Issuers;
using Portcullis.Identity.Logins;
using Portcullis.Identity.Passwords;
using Portcullis.Identity.ServiceAccounts;
using Portcullis.Identity.Stored;
using Portcullis.Kubernetes.Stores;
using Portcullis.Secrets;

namespace Portcullis.Identity;

/// <summary>Registration of how the gateway knows who is asking.</summary>
internal static class IdentityServices
{
    public static IServiceCollection AddIdentity(this IServiceCollection services)
    {
        services.AddBoundSecrets();
        services.AddStore<Organization>().AddStore<IdentityProvider>();
        services.AddStore<SourceSecret>(o => (o.Namespace, o.LabelSelector) = (WellKnown.SystemNamespace, WellKnown.Labels.AllowedSource));
        services.AddStore<AccessTokenSecret>(o => (o.Namespace, o.LabelSelector) = (WellKnown.SystemNamespace, WellKnown.Labels.AccessTokenOf));
        services.TryAddSingleton<OrganizationUsers>();
        services.TryAddSingleton<OrganizationPasswords>();
        services.TryAddSingleton<KnownAccessTokens>();
        services.TryAddSingleton<SourceSecrets>();
        services.TryAddSingleton<Providers>();
        services.TryAddSingleton<TrustFolders>();
        services.TryAddSingleton<KnownIssuers>();
        services.TryAddSingleton<LoginProofs>();
        services.TryAddSingleton<ICallerFacts, CallerFacts>();
        services.TryAddSingleton<VerifiedLogins>();
        services.TryAddSingleton<LoginLimits>();
        services.AddStore<FailedLoginMap>(o => (o.Namespace, o.LabelSelector) = (WellKnown.SystemNamespace, $"{WellKnown.Labels.Gateway}={FailedLoginMap.Purpose}"));
        services.TryAddSingleton(_ => GatewayCopy.New());
        services.TryAddSingleton<IOtherFailures, OtherFailures>();
        services.AddHostedService<FailureSharing>();
        services.TryAddSingleton<LoginService>();

        // In the order in which they are asked.
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthenticator, AccessTokenAuthenticator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthenticator, ServiceAccountAuthenticator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthenticator, OidcAuthenticator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthenticator, PasswordAuthenticator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IAuthenticator, LdapAuthenticator>());
        return services;
    }
}
