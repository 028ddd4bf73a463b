using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portcullis.Access;
using Portcullis.Admission;
using Portcullis.Bootstrap;
using Portcullis.Declarations;
using Portcullis.Kinds;
using Portcullis.Kubernetes.Hosting;

namespace Portcullis.Operator;

/// <summary>The composition root of everything that reconciles. Each kind of the <see cref="Catalog"/> registers itself.</summary>
internal static class OperatorHost
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(20);

    public static IHost Build(OperatorSettings settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "portcullis" });
        settings.Logging(builder.Logging);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = StopWithin);

        // First, so that a port that cannot be had ends the start before anything else has begun.
        builder.Services.AddSideServers(settings.Health, settings.Metrics);
        builder.Services.AddKubernetes(
            settings.Connection, o => (o.LeaderElection, o.ParallelRequests) = (settings.LeaderElection, settings.ParallelRequests));
        builder.Services.AddSingleton(new AccessOptions { RootSource = settings.Sources.RootSource });
        builder.Services.AddSingleton(settings.Sources);
        builder.Services.AddSingleton(settings.Scans);
        var root = settings.Sources.Root;
        builder.Services.AddDeclarations(new DeclarationOptions
        {
            RootSource = settings.Sources.RootSource,
            HasRoot = () => root?.Current is not null,
            TrustedAppliers = settings.TrustedAppliers,
            AllowUndeclared = settings.AllowUndeclared,
        });
        settings.Catalog.Register(builder.Services);
        if (settings.KeepsDefinitions)
        {
            DefinitionTargets.Add(builder.Services);
        }

        if (settings.Admission is { } admission)
        {
            builder.Services.AddAdmission(admission);
        }

        builder.Services.AddHostedService<IdleMemory>();
        return builder.Build().FollowSources();
    }
}
