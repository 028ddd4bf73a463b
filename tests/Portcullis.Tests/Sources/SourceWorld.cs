using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portcullis.Core.Sources;
using Portcullis.Kinds;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Connection;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Schemas.Crds;
using Portcullis.Sources;
using Portcullis.Testing;
using Portcullis.Testing.Clusters;
using Portcullis.Testing.Git;
using Prometheus;

namespace Portcullis.Tests.Sources;

/// <summary>A cluster, a Git repository, and the part of the operator that ties them together: what every test of Git sources needs.</summary>
internal sealed class SourceWorld : IAsyncDisposable
{
    public const string Root = "root";

    public static readonly ApiResource ConfigMaps = new("", "v1", "ConfigMap", "configmaps", true);
    public static readonly ApiResource Events = new("", "v1", "Event", "events", true);

    private readonly ConcurrentQueue<string> _writes = new();
    private IHost? _host;

    private SourceWorld(TestCluster cluster) => Cluster = cluster;

    public TestCluster Cluster { get; }

    public GitWorkspace Git { get; } = new();

    public KubernetesClient Client => Cluster.Client;

    public IServiceProvider Services => _host!.Services;

    /// <summary>Answers some requests in the server's place: null lets them pass.</summary>
    public Func<HttpRequest, (int Status, string Message)?> Refuse
    {
        get;
        set
        {
            SkipOnNamedCluster();
            field = value;
        }
    } = _ => null;

    /// <summary>Keeps the answer to a request back, after the server has done what was asked, until this has ended: null keeps nothing back.</summary>
    public Func<HttpRequest, Task?> Hold
    {
        get;
        set
        {
            SkipOnNamedCluster();
            field = value;
        }
    } = _ => null;

    /// <summary><c>PATCH /api/…</c> of every write that reached the server since the last <see cref="ForgetWrites"/>.</summary>
    public IReadOnlyList<string> Writes
    {
        get
        {
            SkipOnNamedCluster();
            return [.. _writes];
        }
    }

    public static async Task<SourceWorld> StartAsync(bool running = true)
    {
        SourceWorld? world = null;
        var cluster = await TestCluster.StartAsync(configure: options => options with
        {
            Middleware = next => context => world is { } present ? present.PassAsync(context, next) : next(context),
        });
        world = new SourceWorld(cluster);
        foreach (var kind in Catalog.Default.Kinds.All)
        {
            await cluster.ApplyAsync(CrdWriter.Crd(kind.Resource, kind.Options, kind.Type));
        }

        await cluster.ApplyAsync("apiVersion: v1\nkind: Namespace\nmetadata: {name: portcullis-system}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: work}\n");
        if (running)
        {
            await world.StartOperatorAsync();
        }

        return world;
    }

    public async Task StartOperatorAsync(int? receiverPort = null, KubernetesConnection? connection = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging(l => l.AddProvider(new ProgressLogger()).SetMinimumLevel(LogLevel.Information));
        builder.Services.AddKubernetes(connection ?? Cluster.Connection);
        builder.Services.AddSingleton(Catalog.Default.Kinds);
        builder.Services.AddSingleton(new GitSourcesOptions { RootSource = Root, CacheFolder = Git.Cache, AllowLocal = true, ReceiverPort = receiverPort });
        builder.Services.AddGitSources();
        _host = builder.Build();
        await _host.StartAsync();
    }

    public async Task StopOperatorAsync()
    {
        if (_host is not null)
        {
            await _host.StopAsync();
            if (_host is IAsyncDisposable disposable)
            {
                await disposable.DisposeAsync();
            }

            _host = null;
        }
    }

    public void ForgetWrites() => _writes.Clear();

    /// <summary>A GitSource of the test's repository, or of another address; <paramref name="more"/> goes below spec.</summary>
    public Task SourceAsync(string name = Root, string more = "", string annotations = "", string? url = null) => Cluster.ApplyAsync(
        $"apiVersion: portcullis.dev/v1alpha1\nkind: GitSource\nmetadata:\n  name: {name}\n  annotations: {{{annotations}}}\nspec:\n  url: {url ?? Git.Folder}\n  interval: 1s\n  retryInterval: 1s\n{more}");

    public async Task<GitSource> GetSourceAsync(string name = Root) =>
        (await Client.GetAsync(GitSource.Definition, ObjectKey.Cluster(name), default)).Deserialize(GitSource.JsonType)!;

    /// <summary>Waits until the status says so.</summary>
    public async Task<GitSource> StatusAsync(Func<GitSource, bool> condition, string name = Root)
    {
        GitSource? last = null;
        try
        {
            await Eventually.HoldsAsync(async () => (last = await GetSourceAsync(name)).Status is not null && condition(last));
            return last!;
        }
        catch (TimeoutException e)
        {
            var told = JsonSerializer.SerializeToNode(last?.Status, SourcesJsonContext.Default.GitSourceStatus);
            throw new TimeoutException($"{e.Message}; the status is {told?.ToJsonString()}", e);
        }
    }

    /// <summary>Waits until the source is Ready at this commit.</summary>
    public Task<GitSource> ReadyAsync(string commit, string name = Root) =>
        StatusAsync(s => s.Status!.LastAppliedCommit == commit && Ready(s)?.Status == "True", name);

    public static Condition? Ready(GitSource source) => source.Status?.Conditions?.FirstOrDefault(c => c.Type == ConditionTypes.Ready);

    public Task<JsonObject?> ConfigMapAsync(string name) => Client.GetAsync(ConfigMaps, new ObjectKey("work", name), default);

    /// <summary>Waits for an Event whose message holds all these words.</summary>
    public Task<JsonObject> EventAsync(string reason, params string[] words) => Eventually.GetsAsync(async () =>
    {
        await foreach (var one in Client.ListAsync(Events, new ListOptions(), default))
        {
            if (one.String("reason") == reason && words.All(w => one.String("message")!.Contains(w, StringComparison.Ordinal)))
            {
                return one;
            }
        }

        return null;
    });

    /// <summary>What a scrape of the operator answers.</summary>
    public async Task<string> MetricsAsync()
    {
        using var text = new MemoryStream();
        await Services.GetRequiredService<CollectorRegistry>().CollectAndExportAsTextAsync(text);
        return Encoding.UTF8.GetString(text.ToArray());
    }

    /// <summary>The head of a repository that was moved away.</summary>
    public string HeadOf(string folder) => Git.Run("git", folder, "rev-parse", "HEAD");

    public static string ConfigMap(string name, string value = "1") =>
        $"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n  namespace: work\ndata:\n  key: \"{value}\"\n";

    public async ValueTask DisposeAsync()
    {
        await StopOperatorAsync();
        await Cluster.DisposeAsync();
        Git.Dispose();
    }

    private async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        if (Refuse(context.Request) is var (status, message))
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(
                $"{{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"Forbidden\",\"code\":{status},\"message\":\"{message}\"}}");
            return;
        }

        if (!HttpMethods.IsGet(context.Request.Method) && !context.Request.Path.Value!.Contains("/events", StringComparison.Ordinal))
        {
            _writes.Enqueue($"{context.Request.Method} {context.Request.Path}");
        }

        var answer = context.Response.Body;
        using var kept = new MemoryStream();
        if (HttpMethods.IsPatch(context.Request.Method))
        {
            context.Response.Body = kept;
        }

        await next(context);
        if (context.Response.Body == kept)
        {
            await (Hold(context.Request) ?? Task.CompletedTask);
            context.Response.Body = answer;
            await answer.WriteAsync(kept.ToArray());
        }
    }

    private static void SkipOnNamedCluster()
    {
        if (TestCluster.IsNamed)
        {
            Assert.Ignore("not run: it stands before the API server, which the test must therefore start itself");
        }
    }

    /// <summary>What the operator logs, beside the test's own output.</summary>
    private sealed class ProgressLogger : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            TestContext.Progress.WriteLine($"{logLevel}: {formatter(state, exception)}{(exception is null ? "" : "\n" + exception)}");

        public void Dispose()
        {
        }
    }
}
