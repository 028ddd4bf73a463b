using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portcullis.Core;
using Portcullis.Core.Sources;
using Portcullis.Kinds;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Connection;
using Portcullis.Kubernetes.Http;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Operator;
using Portcullis.Schemas.Crds;
using Portcullis.Sources;
using Portcullis.Sources.Root;
using Portcullis.Testing;
using Portcullis.Testing.Clusters;
using Portcullis.Testing.Git;

namespace Portcullis.Tests.Declarations;

/// <summary>A whole operator on a cluster and a repository, and a record of every subject that was ever bound.</summary>
internal sealed class DeclaringOperator : IAsyncDisposable
{
    public const string Root = "root";

    private readonly ConcurrentDictionary<string, bool> _bound = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private IHost? _host;
    private Task _watching = Task.CompletedTask;

    private DeclaringOperator(TestCluster cluster) => Cluster = cluster;

    public TestCluster Cluster { get; }

    public KubernetesClient Client => Cluster.Client;

    public GitWorkspace Git { get; } = new();

    /// <summary><c>namespace role subject</c> of each binding that the cluster ever held, and whether it was ever taken away.</summary>
    public IReadOnlyDictionary<string, bool> Bound => _bound;

    public static async Task<DeclaringOperator> StartAsync()
    {
        var world = new DeclaringOperator(await TestCluster.StartAsync());
        foreach (var kind in Catalog.Default.Kinds.All)
        {
            await world.Cluster.ApplyAsync(CrdWriter.Crd(kind.Resource, kind.Options, kind.Type));
        }

        await world.Cluster.ApplyAsync("apiVersion: v1\nkind: Namespace\nmetadata: {name: portcullis-system}\n");
        world._watching = Task.Run(() => world.WatchAsync(world._stop.Token));
        return world;
    }

    public async Task StartOperatorAsync(bool hasRoot = true, Func<OperatorSettings, OperatorSettings>? configure = null)
    {
        var settings = new OperatorSettings
        {
            Connection = Cluster.Connection,
            Logging = logging => logging.SetMinimumLevel(LogLevel.Warning),
            Sources = new GitSourcesOptions
            {
                RootSource = Root,
                Root = hasRoot ? RootSourceDeclaration.Of(RootSource.From(Root, Git.Folder, Catalog.Default.Kinds, interval: "1s")) : null,
                CacheFolder = Git.Cache,
                AllowLocal = true,
            },
        };
        _host = OperatorHost.Build(configure?.Invoke(settings) ?? settings);
        await _host.StartAsync();
    }

    public async Task StopOperatorAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync();
            await ((IAsyncDisposable)_host).DisposeAsync();
            _host = null;
        }
    }

    /// <summary>The API as somebody else sees it; the operator itself is the cluster's administrator.</summary>
    public KubernetesClient As(string user, params string[] groups) => KubernetesClientFactory.Create(new KubernetesConnection
    {
        Server = Cluster.Connection.Server,
        CertificateAuthorities = Cluster.Connection.CertificateAuthorities,
        Credentials = Cluster.Connection.Credentials,
        Impersonate = new Impersonation(user) { Groups = groups },
    });

    /// <summary>Waits for an Event that says this.</summary>
    public Task<JsonObject> EventAsync(string says) => Eventually.GetsAsync(
        async () =>
        {
            await foreach (var one in Client.ListAsync(new ApiResource("", "v1", "Event", "events", true), new ListOptions(), default))
            {
                if (one.String("message")?.Contains(says, StringComparison.Ordinal) == true)
                {
                    return one;
                }
            }

            return null;
        },
        within: TimeSpan.FromSeconds(30),
        what: $"an Event that says '{says}'");

    public Task AppliedAsync() => Eventually.HoldsAsync(
        async () => (await Client.GetAsync(GitSource.Definition, ObjectKey.Cluster(Root), default)).Object("status").String("lastAppliedCommit") == Git.Head,
        TimeSpan.FromSeconds(30),
        "the commit to be applied");

    public Task EditAsync(ApiResource kind, string name, string patch) =>
        Client.MergePatchAsync(kind, ObjectKey.Cluster(name), JsonNode.Parse(patch)!.AsObject(), new WriteOptions("kubectl-edit"), default);

    public Task DeleteAsync(ApiResource kind, string name) => Client.DeleteAsync(kind, ObjectKey.Cluster(name), new DeleteOptions(), default);

    public async Task<JsonObject?> ConditionAsync(ApiResource kind, string name, string type) =>
        ((await Client.GetAsync(kind, ObjectKey.Cluster(name), default)).Object("status").Array("conditions") ?? [])
            .OfType<JsonObject>().FirstOrDefault(c => c.String("type") == type);

    /// <summary>Whether somebody has a role in a namespace now.</summary>
    public async Task<bool> IsBoundAsync(string @namespace, string role, string user)
    {
        var binding = await Client.GetAsync(ClusterKinds.RoleBinding, new ObjectKey(@namespace, $"portcullis:{role}"), default);
        return (binding.Array("subjects") ?? []).Any(s => s.String("name") == user);
    }

    public Task BoundAsync(string @namespace, string role, string user, bool isBound = true) => Eventually.HoldsAsync(
        async () => await IsBoundAsync(@namespace, role, user) == isBound, TimeSpan.FromSeconds(30), $"{user} {(isBound ? "to have" : "to lose")} {role} in {@namespace}");

    public async ValueTask DisposeAsync()
    {
        await StopOperatorAsync();
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
        await Cluster.DisposeAsync();
        Git.Dispose();
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        try
        {
            var list = await Client.Collection(ClusterKinds.RoleBinding, new ListOptions()).ListWholeAsync(cancellationToken);
            await foreach (var change in Client.Collection(ClusterKinds.RoleBinding, new ListOptions()).WatchAsync(list.ResourceVersion, TimeSpan.FromMinutes(30), null, cancellationToken))
            {
                Note(change);
            }
        }
        catch (OperationCanceledException)
        {
            // The test ends.
        }
    }

    private void Note(WatchEvent change)
    {
        if (JsonObject.Create(change.Object) is not { } binding || binding.Object("metadata").String("namespace") is not { } @namespace)
        {
            return;
        }

        var prefix = $"{@namespace} {binding.Object("roleRef").String("name")} ";
        var now = change.Type == WatchEvent.Deleted ? [] : (binding.Array("subjects") ?? []).Select(s => prefix + s.String("name")).ToHashSet(StringComparer.Ordinal);
        foreach (var key in now)
        {
            _bound.TryAdd(key, false);
        }

        foreach (var gone in _bound.Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal) && !now.Contains(k)))
        {
            _bound[gone] = true;
        }
    }
}
