using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Portcullis.Cluster;
using Portcullis.Core.Collections;
using Portcullis.Core.Organizations;
using Portcullis.Core.Registries;
using Portcullis.Core.Signing;
using Portcullis.Core.Sources;
using Portcullis.Core.Trust;
using Portcullis.Errors;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Connection;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Kubernetes.Stores;
using Portcullis.Signing;
using Portcullis.Trust;
using Portcullis.Trust.Delegations;

namespace Portcullis.Commands;

/// <summary>The part of the program that knows of signatures, for a command. It takes the cluster's objects as they are: which of them Git declares, their conditions say.</summary>
internal static class SignatureHost
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(30);

    /// <summary>A host that has read everything that signatures are decided from. Who asks for it stops it.</summary>
    /// <exception cref="CommandException">The cluster's objects cannot be read.</exception>
    public static async Task<IHost> StartAsync(KubernetesConnection connection, CancellationToken cancellationToken)
    {
        var host = Build(connection);
        try
        {
            // An API that cannot be reached is found out by a request: stores would wait for it.
            _ = await host.Services.GetRequiredService<KubernetesClient>().FirstAsync(SigningPolicy.Definition, new ListOptions(), cancellationToken);
            await host.StartAsync(cancellationToken);
            await ReadAsync(host.Services, cancellationToken).WaitAsync(LongestStart, cancellationToken);
            return host;
        }
        catch (TimeoutException)
        {
            await StopAsync(host);
            throw new CommandException(ExitCode.Unreachable, "the cluster's objects could not be read in time: may you list what a gateway may list (config/rbac/gateway.yaml)?");
        }
        catch
        {
            await StopAsync(host);
            throw;
        }
    }

    public static async Task StopAsync(IHost host)
    {
        await host.StopAsync(CancellationToken.None);
        host.Dispose();
    }

    private static IHost Build(KubernetesConnection connection)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "portcullis" });
        builder.Services.AddKubernetes(connection);
        builder.Services.AddSignatures().AddTrustAnchors().AddTrustReading();
        return builder.Build();
    }

    private static Task ReadAsync(IServiceProvider services, CancellationToken cancellationToken) => Task.WhenAll(
        ReadAsync<SigningPolicy>(services, cancellationToken),
        ReadAsync<Organization>(services, cancellationToken),
        ReadAsync<Registry>(services, cancellationToken),
        ReadAsync<Collection>(services, cancellationToken),
        ReadAsync<NamespaceObject>(services, cancellationToken),
        ReadAsync<TrustDelegation>(services, cancellationToken),
        ReadAsync<GitSource>(services, cancellationToken));

    private static Task ReadAsync<T>(IServiceProvider services, CancellationToken cancellationToken)
        where T : class => services.GetRequiredService<IStore<T>>().WaitUntilSyncedAsync(cancellationToken);
}
