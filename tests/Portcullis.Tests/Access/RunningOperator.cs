using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portcullis.Admission;
using Portcullis.Collections;
using Portcullis.Grants;
using Portcullis.Kinds;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Connection;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Kubernetes.Http;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Organizations;
using Portcullis.Roles;
using Portcullis.Schemas.Crds;
using Portcullis.Testing;
using Portcullis.Testing.Clusters;
using Portcullis.Testing.Faults;

namespace Portcullis.Tests.Access;

/// <summary>The controllers of access, and admission, against a test cluster.</summary>
internal sealed class RunningOperator : IAsyncDisposable
{
    private readonly FaultProxy? _proxy;
    private IHost _host;

    private RunningOperator(TestCluster cluster, IHost host, FaultProxy? proxy)
    {
        Cluster = cluster;
        _host = host;
        _proxy = proxy;
    }

    public TestCluster Cluster { get; }

    public KubernetesClient Client => Cluster.Client;

    public IServiceProvider Services => _host.Services;

    /// <summary>With faults, they meet the operator alone.</summary>
    /// <param name="faults">What happens to its requests.</param>
    /// <param name="more">Registers what it has beside that.</param>
    public static async Task<RunningOperator> StartAsync(FaultInjector? faults = null, Action<IServiceCollection>? more = null)
    {
        var cluster = await TestCluster.StartAsync();
        foreach (var kind in Catalog.Default.Kinds.All)
        {
            await cluster.ApplyAsync(CrdWriter.Crd(kind.Resource, kind.Options, kind.Type));
        }

        var proxy = faults is null ? null : await FaultProxy.StartAsync(cluster.Connection, faults);
        return new RunningOperator(cluster, await StartHostAsync(cluster, proxy, more), proxy);
    }

    /// <summary>Another process of the program on the same cluster.</summary>
    public static async Task<IHost> StartHostAsync(TestCluster cluster, FaultProxy? proxy = null, Action<IServiceCollection>? more = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddProvider(new TestLog());
        builder.Services.AddKubernetes(
            proxy is null ? cluster.Connection : new KubernetesConnection { Server = proxy.Address, Credentials = cluster.Connection.Credentials });
        builder.Services.AddSingleton(Catalog.Default.Kinds);
        builder.Services.AddOrganizations().AddAccessRoles().AddCollections().AddGrants().AddAdmission(new AdmissionOptions { Port = 0 });
        more?.Invoke(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    /// <summary>Ends the program, lets something happen, and starts it anew: it remembers nothing.</summary>
    public async Task RestartAsync(Func<Task> meanwhile)
    {
        await _host.StopAsync();
        _host.Dispose();
        await meanwhile();
        _host = await StartHostAsync(Cluster, _proxy);
    }

    /// <summary>The API as somebody else sees it.</summary>
    public KubernetesClient As(string user, params string[] groups) => KubernetesClientFactory.Create(new KubernetesConnection
    {
        Server = Cluster.Connection.Server,
        CertificateAuthorities = Cluster.Connection.CertificateAuthorities,
        Credentials = Cluster.Connection.Credentials,
        Impersonate = new Impersonation(user) { Groups = groups },
    });

    public async Task<bool> MayAsync(string user, string verb, string resource, string @namespace, string group = "", params string[] groups)
    {
        var slash = resource.Split('/');
        var answer = await Client.PostAsync("/apis/authorization.k8s.io/v1/subjectaccessreviews", new JsonObject
        {
            ["apiVersion"] = "authorization.k8s.io/v1",
            ["kind"] = "SubjectAccessReview",
            ["spec"] = new JsonObject
            {
                ["user"] = user,
                ["groups"] = new JsonArray([.. groups.Select(g => (JsonNode)JsonValue.Create(g))]),
                ["resourceAttributes"] = new JsonObject
                {
                    ["namespace"] = @namespace, ["verb"] = verb, ["group"] = group, ["resource"] = slash[0], ["subresource"] = slash.Length > 1 ? slash[1] : "",
                },
            },
        }, CancellationToken.None);
        return answer.Object("status")!["allowed"]!.GetValue<bool>();
    }

    public async Task<JsonObject> UntilAsync(ApiResource resource, string name, Func<JsonObject, bool> holds, string what, string @namespace = "")
    {
        JsonObject? last = null;
        try
        {
            await UntilAsync(
                async () =>
                {
                    last = await Client.GetAsync(resource, new ObjectKey(@namespace, name), CancellationToken.None);
                    return last is not null && holds(last);
                },
                $"{resource.Kind} {name}: {what}");
            return last!;
        }
        catch (TimeoutException e)
        {
            var health = Services.GetRequiredService<RuntimeHealth>();
            throw new TimeoutException($"{e.Message} It is: {last?.Object("metadata")?["labels"]?.ToJsonString()} {last?.Object("status")?.ToJsonString()} {string.Join("; ", health.Unready().Concat(health.Unhealthy()))}", e);
        }
    }

    public Task<JsonObject> UntilReadyAsync(ApiResource resource, string name, string status = "True", string? reason = null) => UntilAsync(
        resource,
        name,
        o => Condition(o, "Ready") is { } c
            && c.String("status") == status
            && (reason is null || c.String("reason") == reason)
            && o.Object("status")?["observedGeneration"]?.GetValue<long>() == o.Object("metadata")?["generation"]?.GetValue<long>(),
        $"Ready={status}");

    public static JsonObject? Condition(JsonObject value, string type) =>
        (value.Object("status").Array("conditions") ?? []).OfType<JsonObject>().FirstOrDefault(c => c.String("type") == type);

    /// <summary>Waits for an Event about an object that says this.</summary>
    public Task<JsonObject> EventAsync(string kind, string name, string says) => Eventually.GetsAsync(
        async () =>
        {
            await foreach (var one in Client.ListAsync(new ApiResource("", "v1", "Event", "events", true), new ListOptions(), CancellationToken.None))
            {
                if (one.Object("involvedObject") is { } about && about.String("kind") == kind && about.String("name") == name
                    && one.String("message")?.Contains(says, StringComparison.Ordinal) == true)
                {
                    return one;
                }
            }

            return null;
        },
        within: TimeSpan.FromSeconds(30),
        what: $"an Event about {kind} {name} that says '{says}'");

    /// <summary>What the Events about an object say.</summary>
    public async Task<IReadOnlyList<string?>> EventsAboutAsync(string kind, string name)
    {
        var found = new List<string?>();
        await foreach (var one in Client.ListAsync(new ApiResource("", "v1", "Event", "events", true), new ListOptions(), CancellationToken.None))
        {
            found.AddRange(one.Object("involvedObject") is { } about && about.String("kind") == kind && about.String("name") == name ? [one.String("message")] : []);
        }

        return found;
    }

    public Task UntilAsync(Func<Task<bool>> holds, string what) =>
        Eventually.HoldsAsync(holds, TimeSpan.FromSeconds(30), what);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        await Cluster.DisposeAsync();
    }

    /// <summary>Warnings belong to the test's own output.</summary>
    private sealed class TestLog : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            TestContext.Progress.WriteLine($"{logLevel}: {formatter(state, exception)} {exception?.Message}");

        public void Dispose()
        {
        }
    }
}
