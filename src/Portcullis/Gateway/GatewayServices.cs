using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Portcullis.Access;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Core.Identity;
using Portcullis.Core.Organizations;
using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;
using Portcullis.Core.Roles;
using Portcullis.Core.Signing;
using Portcullis.Core.Sources;
using Portcullis.Evidence;
using Portcullis.Gateway.Access;
using Portcullis.Gateway.Answers;
using Portcullis.Gateway.Forwarding;
using Portcullis.Gateway.Reading;
using Portcullis.Gateway.Serving;
using Portcullis.Gateway.Writing;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Declarations;
using Portcullis.Repositories;
using Portcullis.Webhooks;

namespace Portcullis.Gateway;

/// <summary>Registration of the gateway: in a process of its own, or in that of <c>portcullis up</c>.</summary>
internal static class GatewayServices
{
    /// <summary>All but the token service and its verifier.</summary>
    public static IServiceCollection AddGateway(this IServiceCollection services, GatewayOptions options)
    {
        services.AddSingleton(options);
        services.AddAccess().AddTagWrites().AddNotices().AddDeclaredStores();
        services.AddForwarding();
        services.AddSingleton<GatewayAccess>().AddSingleton<IRepositoryPolicies, RepositoryPolicies>().AddSingleton<RegistryHosts>();
        services.AddSingleton<ManifestReads>().AddSingleton<ManifestWrites>().AddSingleton<SignedContent>().AddSingleton<ReferrerLists>();
        services.AddSingleton<ListAnswers>().AddSingleton<ReferrerAnswers>().AddSingleton<OpenPaths>();
        services.AddSingleton<GatewayRoutes>().AddSingleton<GatewayRecords>().AddSingleton<GatewayEndpoint>();
        services.AddSingleton<GatewayMetrics>();
        services.TryAddSingleton<IGatewayAudit, GatewayAudit>();
        services.AddImageEvidence().AddSingleton<IndexChildren>().AddSingleton<IPullRules, CriteriaPullRules>();
        services.AddSingleton<PullNotices>().AddSingleton<IRegistryEvents>(s => s.GetRequiredService<PullNotices>());
        services.AddHostedService(s => s.GetRequiredService<PullNotices>());
        return services.AddServing(options);
    }

    private static void AddForwarding(this IServiceCollection services)
    {
        services.AddHttpForwarder();
        services.AddSingleton<IUpstreams, RegistryUpstreams>();
        services.AddSingleton<UploadProgress>().AddSingleton<UpstreamForwarder>().AddSingleton<BlobForwarding>().AddSingleton<TrustForwarding>();
    }

    private static IServiceCollection AddServing(this IServiceCollection services, GatewayOptions options)
    {
        if (options.Certificate is { } files)
        {
            services.AddSingleton<ICertificateSource>(new CertificateFileSource(files));
        }
        else if (options.CertificateSecret is { } secret)
        {
            services.AddSingleton<ICertificateSource>(s => new CertificateSecretSource(s.GetRequiredService<KubernetesClient>(), secret));
        }

        services.AddSingleton<ReloadedCertificate>().AddSingleton<IShownCertificate>(s => s.GetRequiredService<ReloadedCertificate>());
        services.AddSingleton<GatewayServer>();
        return services.AddSingleton<IHostedService>(s => s.GetRequiredService<GatewayServer>());
    }

    /// <summary>What is decided from is what Git declares, as the operator confirmed it.</summary>
    private static void AddDeclaredStores(this IServiceCollection services)
    {
        services.AddDeclared<Registry>().AddDeclared<Repository>();
        services.AddDeclared<Collection>().AddDeclared<Organization>().AddDeclared<AccessRole>().AddDeclared<Grant>().AddDeclared<GitSource>();
        services.AddDeclared<IdentityProvider>().AddDeclared<SigningPolicy>();
    }
}
