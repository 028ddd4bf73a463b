using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Portcullis.Admission;
using Portcullis.Bootstrap;
using Portcullis.Core;
using Portcullis.Kinds;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Objects.Json;
using Portcullis.Signing;
using Portcullis.Testing;
using Portcullis.Testing.Clusters;

namespace Portcullis.Benchmarks.Admitting;

/// <summary>The admission webhooks as the operator serves them, with a policy in force, called as the API server calls them.</summary>
internal sealed class RunningAdmission(TestCluster cluster, IHost host) : IAsyncDisposable
{
    public static async Task<RunningAdmission> StartAsync(IImageVerifier verifier)
    {
        var cluster = await TestCluster.StartAsync();
        await new ClusterBootstrap(cluster.Client, Catalog.Default.Kinds, TimeProvider.System).ApplyAsync(CancellationToken.None);
        await cluster.ApplyAsync("""
            apiVersion: portcullis.dev/v1alpha1
            kind: Registry
            metadata: {name: dtr}
            spec: {host: registry.example.com, upstream: {url: "http://127.0.0.1:5000"}}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: SigningPolicy
            metadata: {name: signed}
            spec: {mode: Enforce, anySigner: true}
            """);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddKubernetes(cluster.Connection);
        builder.Services.AddSingleton(Catalog.Default.Kinds);
        builder.Services.AddAdmission(new AdmissionOptions { Port = 0 });
        builder.Services.RemoveAll<IImageVerifier>().AddSingleton(verifier);
        var host = builder.Build();
        await host.StartAsync();
        return new RunningAdmission(cluster, host);
    }

    /// <summary>Where the API server calls a webhook, once it is registered.</summary>
    public async Task<Uri> AddressAsync(bool mutating)
    {
        var (kind, name, webhook) = mutating
            ? (ClusterKinds.MutatingWebhook, WebhookConfigurations.MutatingName, "pin-images.portcullis.dev")
            : (ClusterKinds.ValidatingWebhook, WebhookConfigurations.ValidatingName, "signed-images.portcullis.dev");
        return await Eventually.GetsAsync(
            async () =>
            {
                var configuration = await cluster.Client.GetAsync(kind, ObjectKey.Cluster(name), CancellationToken.None);
                var entry = (configuration.Array("webhooks") ?? []).OfType<JsonObject>().FirstOrDefault(w => w.String("name") == webhook);
                return entry.Object("clientConfig").String("url") is { } url ? new Uri(url) : null;
            },
            within: TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
        await cluster.DisposeAsync();
    }
}
