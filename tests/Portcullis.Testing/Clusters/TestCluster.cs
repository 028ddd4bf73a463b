using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Portcullis.ApiServer;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Connection;
using Portcullis.Kubernetes.Http;
using Portcullis.Objects;
using Portcullis.Objects.Yaml;

namespace Portcullis.Testing.Clusters;

/// <summary>
/// A Kubernetes API for a test: an embedded one in a folder of its own, or, when PORTCULLIS_TEST_KUBECONFIG names a kubeconfig, that
/// cluster (which is then shared: use names of your own). What a test made there is taken away at the end; no operator but the tests'
/// own may run on it meanwhile.
/// </summary>
public sealed class TestCluster : IAsyncDisposable
{
    public const string KubeconfigVariable = "PORTCULLIS_TEST_KUBECONFIG";

    private readonly ApiServerOptions? _options;
    private readonly ILoggerFactory _loggers;
    private readonly string? _folder;
    private EmbeddedApiServer? _server;
    private NamedClusterGuard? _guard;

    private TestCluster(EmbeddedApiServer? server, ApiServerOptions? options, ILoggerFactory loggers, string? folder, string kubeconfigPath)
    {
        _server = server;
        _options = options;
        _loggers = loggers;
        _folder = folder;
        KubeconfigPath = kubeconfigPath;
        Connection = KubeConfig.Load([kubeconfigPath]);
        Client = KubernetesClientFactory.Create(Connection);
        Http = KubernetesClientFactory.CreateHttpClient(Connection);
    }

    /// <summary>A cluster administrator's.</summary>
    public string KubeconfigPath { get; }

    public KubernetesConnection Connection { get; }

    public KubernetesClient Client { get; }

    /// <summary>For requests that no verb of the client makes; its base address is the server.</summary>
    public HttpClient Http { get; }

    /// <summary>Null when the cluster is not ours.</summary>
    public EmbeddedApiServer? Embedded => _server;

    /// <summary>Whether tests run on a cluster that somebody named.</summary>
    public static bool IsNamed => Environment.GetEnvironmentVariable(KubeconfigVariable) is { Length: > 0 };

#pragma warning disable CA1068 // most tests give the token and nothing else
    public static async Task<TestCluster> StartAsync(
        CancellationToken cancellationToken = default, ILoggerFactory? loggers = null, Func<ApiServerOptions, ApiServerOptions>? configure = null)
#pragma warning restore CA1068
    {
        if (Environment.GetEnvironmentVariable(KubeconfigVariable) is { Length: > 0 } path)
        {
            var named = new TestCluster(null, null, NullLoggerFactory.Instance, null, path);
            named._guard = await NamedClusterGuard.SetAsync(named.Client);
            return named;
        }

        var folder = Directory.CreateTempSubdirectory("portcullis-cluster-").FullName;
        var options = new ApiServerOptions { StateFolder = folder };
        options = configure?.Invoke(options) ?? options;
        loggers ??= NullLoggerFactory.Instance;
        var server = await EmbeddedApiServer.StartAsync(options, loggers, cancellationToken);

        // Of its own, so that its token outlives a restart of the server.
        var kubeconfig = server.CreateKubeconfig("admin", ["system:masters"], Path.Combine(options.StateFolder, "test.kubeconfig"));
        return new TestCluster(server, options, loggers, folder, kubeconfig);
    }

    /// <summary>Stops the embedded API, lets something happen to its state folder, and starts it at the same address.</summary>
    public async Task RestartAsync(Action<string> meanwhile)
    {
        await _server!.DisposeAsync();
        meanwhile(_options!.StateFolder);
        _server = await EmbeddedApiServer.StartAsync(_options with { Port = Connection.Server.Port }, _loggers, CancellationToken.None);
    }

    /// <summary>Applies every document of a YAML text, as field manager <c>test</c>; CRDs are established before the next document.</summary>
    public async Task ApplyAsync(string yaml, CancellationToken cancellationToken = default)
    {
        var stream = KubernetesYaml.Read(Encoding.UTF8.GetBytes(yaml));
        if (stream.Errors.Count > 0)
        {
            throw new ArgumentException(stream.Errors[0].Message, nameof(yaml));
        }

        foreach (var value in stream.Documents.Select(d => d.Root).OfType<JsonObject>())
        {
            await ApplyAsync(value, cancellationToken);
        }
    }

    public async Task<JsonObject> ApplyAsync(JsonObject value, CancellationToken cancellationToken = default)
    {
        var apiVersion = value["apiVersion"]!.ToString();
        var kind = value["kind"]!.ToString();
        var resource = await Client.FindResourceAsync(apiVersion, kind, cancellationToken)
            ?? throw new InvalidOperationException($"The cluster has no {apiVersion} {kind}.");
        if (_guard is not null)
        {
            await _guard.ApplyingAsync(resource, new ObjectKey(value["metadata"]!["namespace"]?.ToString() ?? "", value["metadata"]!["name"]!.ToString()));
        }

        var applied = await Client.ApplyAsync(resource, value, new WriteOptions("test"), cancellationToken);
        if (kind == "CustomResourceDefinition")
        {
            await EstablishedAsync(resource, value["metadata"]!["name"]!.ToString(), cancellationToken);
        }

        return applied;
    }

    public async ValueTask DisposeAsync()
    {
        if (_guard is not null)
        {
            await _guard.CleanAsync();
        }

        Http.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
            Directory.Delete(_folder!, recursive: true);
        }
    }

    private Task EstablishedAsync(ApiResource crds, string name, CancellationToken cancellationToken) => Eventually.HoldsAsync(
        async () =>
        {
            var crd = await Client.GetAsync(crds, ObjectKey.Cluster(name), cancellationToken);
            var conditions = crd?["status"]?["conditions"] as JsonArray ?? [];
            return conditions.Any(c => c?["type"]?.ToString() == "Established" && c["status"]?.ToString() == "True");
        },
        what: $"CRD {name} to be established");
}
