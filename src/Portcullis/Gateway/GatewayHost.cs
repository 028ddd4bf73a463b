using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portcullis.Access;
using Portcullis.Declarations;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Operator;
using Portcullis.TokenService;

namespace Portcullis.Gateway;

/// <summary>The composition root of a gateway, with its own identity. It reads no Git: it acts upon what the operator confirmed.</summary>
internal static class GatewayHost
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(20);

    public static IHost Build(GatewaySettings settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "portcullis" });
        settings.Logging(builder.Logging);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = StopWithin);
        builder.Services.AddKubernetes(settings.Connection);
        builder.Services.AddSingleton(new AccessOptions { RootSource = settings.RootSource });
        if (!settings.AllowUndeclared)
        {
            builder.Services.AddReportedDeclarations();
        }

        builder.Services.AddTokenService().AddSingleton<ITokenEndpoint, TokenServiceEndpoint>();
        builder.Services.AddGateway(settings.Gateway);
        if (settings.Published is { } published)
        {
            builder.Services.AddSingleton(published);
        }

        builder.Services.AddHostedService<IdleMemory>();
        builder.Services.AddSideServers(settings.Health, settings.Metrics);
        return builder.Build();
    }
}
