using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portcullis.Collections;
using Portcullis.Core.Organizations;
using Portcullis.Core.Signing;
using Portcullis.Kinds;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Kubernetes.Stores;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Organizations;
using Portcullis.Registries;
using Portcullis.Schemas.Crds;
using Portcullis.Signing;
using Portcullis.Testing;
using Portcullis.Testing.Clusters;

namespace Portcullis.Tests.Signing;

/// <summary>A cluster with the operator's part that reports signing policies; ann and bob sign for ci/release, and a verifier says what a test says.</summary>
internal sealed class SigningWorld : IAsyncDisposable
{
    public const string Host = "dtr.example.com";

    private IHost _host = null!;

    private SigningWorld(TestCluster cluster) => Cluster = cluster;

    public TestCluster Cluster { get; }

    public FakeVerifier Verifier { get; } = new();

    public FakeGate Gate { get; } = new();

    public UserKey Anns { get; } = new();

    public UserKey Bobs { get; } = new();

    public IImageAdmission Admission => _host.Services.GetRequiredService<IImageAdmission>();

    public IServiceProvider Services => _host.Services;

    public static async Task<SigningWorld> StartAsync()
    {
        var world = new SigningWorld(await TestCluster.StartAsync());
        foreach (var kind in Catalog.Default.Kinds.All)
        {
            await world.Cluster.ApplyAsync(CrdWriter.Crd(kind.Resource, kind.Options, kind.Type));
        }

        await world.Cluster.ApplyAsync($$"""
            apiVersion: v1
            kind: Namespace
            metadata: {name: web}
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: batch}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Registry
            metadata: {name: dtr}
            spec: {host: {{Host}}, upstream: {url: "https://upstream.example.com"} }
            """);
        await world.DeclareTeamAsync(world.Anns, world.Bobs);
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddKubernetes(world.Cluster.Connection);
        builder.Services.AddSingleton(Catalog.Default.Kinds).AddSingleton<IImageVerifier>(world.Verifier).AddSingleton<ISigningGate>(world.Gate);
        builder.Services.AddOrganizations().AddRegistryConnections().AddCollections().AddSigning();
        world._host = builder.Build();
        await world._host.StartAsync();
        var organizations = world.Services.GetRequiredService<IStore<Organization>>();
        await Eventually.HoldsAsync(() => organizations.List().Count == 1);
        return world;
    }

    /// <param name="name">Of the policy.</param>
    /// <param name="spec">In YAML's flow style.</param>
    public async Task DeclareAsync(string name, string spec)
    {
        await Cluster.ApplyAsync($$"""
            apiVersion: portcullis.dev/v1alpha1
            kind: SigningPolicy
            metadata: {name: {{name}}}
            spec: { {{spec}} }
            """);
        var generation = (await Cluster.Client.GetAsync(SigningPolicy.Definition, ObjectKey.Cluster(name), default))!.Object("metadata")!["generation"]!.GetValue<long>();
        var store = Services.GetRequiredService<IStore<SigningPolicy>>();
        await Eventually.HoldsAsync(() => store.Get(ObjectKey.Cluster(name))?.Metadata.Generation == generation);
    }

    public Task DeclareTeamAsync(UserKey anns, UserKey bobs) => Cluster.ApplyAsync($$"""
        apiVersion: portcullis.dev/v1alpha1
        kind: Organization
        metadata: {name: ci}
        spec: {users: [{name: ann, publicKeys: ["{{anns.Quoted}}"]}, {name: bob, publicKeys: ["{{bobs.Quoted}}"]}], teams: [{name: release, members: [ann, bob]}] }
        """);

    public async Task<SigningDecision> DecideAsync(string image, string? @namespace = null) => (await Admission.DecideAsync([image], @namespace, default)).Images.Single();

    /// <summary>Waits until the status of a policy is so.</summary>
    public Task<SigningPolicy> UntilAsync(string name, Func<SigningPolicyStatus, bool> holds)
    {
        var store = Services.GetRequiredService<IStore<SigningPolicy>>();
        return Eventually.GetsAsync(
            () => Task.FromResult(store.Get(ObjectKey.Cluster(name)) is { Status: { } status } policy && holds(status) ? policy : null), within: TimeSpan.FromSeconds(30), what: $"the status of {name}");
    }

    /// <summary>Waits for an Event about a policy.</summary>
    public Task<JsonObject> EventAsync(string policy, string says) => Eventually.GetsAsync(
        async () =>
        {
            await foreach (var one in Cluster.Client.ListAsync(new ApiResource("", "v1", "Event", "events", true), new Kubernetes.Client.ListOptions(), default))
            {
                if (one.Object("involvedObject").String("name") == policy && one.String("message")?.Contains(says, StringComparison.Ordinal) == true)
                {
                    return one;
                }
            }

            return null;
        },
        within: TimeSpan.FromSeconds(30),
        what: $"an Event about {policy} that says '{says}'");

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        await Cluster.DisposeAsync();
    }
}
