using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portcullis.Core;
using Portcullis.Core.Identity;
using Portcullis.Http.Serving;
using Portcullis.Kinds;
using Portcullis.Kubernetes.Hosting;
using Portcullis.Schemas.Crds;
using Portcullis.Testing;
using Portcullis.Testing.Clusters;
using Portcullis.TokenService;
using Portcullis.Tokens;

namespace Portcullis.Tests.Tokens;

/// <summary>The token service on a loopback port, against a test cluster with the kinds that it reads.</summary>
internal sealed class RunningTokenService : IAsyncDisposable
{
    public const string Host = "dtr.example.com";

    private readonly IHost _host;
    private readonly HttpServer _server;
    private readonly HttpClient _http;

    private RunningTokenService(TestCluster cluster, IHost host, HttpServer server)
    {
        (Cluster, _host, _server) = (cluster, host, server);
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(server.Address) };
    }

    public TestCluster Cluster { get; }

    public ITokenVerifier Verifier => _host.Services.GetRequiredService<ITokenVerifier>();

    public IServiceProvider Services => _host.Services;

    /// <param name="cluster">Owned by the caller.</param>
    public static async Task<RunningTokenService> StartAsync(TestCluster cluster)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddKubernetes(cluster.Connection);
        builder.Services.AddSingleton(Catalog.Default.Kinds);
        builder.Services.AddTokenService();
        var host = builder.Build();
        await host.StartAsync();
        var endpoint = host.Services.GetRequiredService<TokenEndpoint>();
        var server = await HttpServer.StartAsync(
            new HttpServerOptions { Listen = ListenAddress.Loopback(0), Limits = new RequestLimits { LargestBody = 64 * 1024 } }, endpoint.HandleAsync, CancellationToken.None);
        var keys = host.Services.GetRequiredService<IGatewayKeys>();
        var stores = host.Services.GetRequiredService<TokenServiceStores>();
        await Eventually.HoldsAsync(() => keys.Keys is not null && stores.AreRead);
        return new RunningTokenService(cluster, host, server);
    }

    public static async Task<TestCluster> NewClusterAsync()
    {
        var cluster = await TestCluster.StartAsync();
        foreach (var kind in Catalog.Default.Kinds.All)
        {
            await cluster.ApplyAsync(CrdWriter.Crd(kind.Resource, kind.Options, kind.Type));
        }

        await cluster.ApplyAsync($$"""
            apiVersion: v1
            kind: Namespace
            metadata: {name: {{WellKnown.SystemNamespace}}}
            """);
        return cluster;
    }

    public Task ApplyAsync(string yaml) => Cluster.ApplyAsync(yaml);

    /// <summary>A GET as docker makes it.</summary>
    public async Task<(HttpStatusCode Status, JsonObject Body, HttpResponseHeaders Headers)> GetAsync(string query, string? user = null, string? password = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/token?service={Host}{query}");
        if (user is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        }

        return await SendAsync(request);
    }

    public async Task<(HttpStatusCode Status, JsonObject Body, HttpResponseHeaders Headers)> PostAsync(params (string Name, string Value)[] form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/auth/token")
        {
            Content = new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Name, f.Value)).Append(KeyValuePair.Create("service", Host))),
        };
        return await SendAsync(request);
    }

    /// <summary>What the token of an answer is for.</summary>
    public TokenVerdict.Accepted Read(JsonObject body) => (TokenVerdict.Accepted)Verifier.Verify(body["token"]!.GetValue<string>(), Host);

    /// <summary>The access of an answer's token, as scopes.</summary>
    public IEnumerable<string> AccessOf(JsonObject body) => Read(body).Access.Select(a => $"{a.Type}:{a.Name}:{string.Join(',', a.Actions)}");

    /// <summary>A Secret with the digest of a new access token, which is returned.</summary>
    public async Task<string> AddAccessTokenAsync(string name, string user, string permission, string repositories, byte filling = 0)
    {
        var token = AccessTokenText.Of(name, [.. Enumerable.Repeat(filling, AccessTokenText.SecretLength)]);
        await ApplyAsync($$"""
            apiVersion: v1
            kind: Secret
            metadata:
              name: {{name}}
              namespace: {{WellKnown.SystemNamespace}}
              labels: { {{WellKnown.Labels.AccessTokenOf}}: {{user}} }
            stringData:
              sha256: {{AccessTokenText.DigestOf(token)}}
              permission: {{permission}}
              repositories: {{repositories}}
            """);
        return token;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        await _host.StopAsync();
        _host.Dispose();
    }

    private async Task<(HttpStatusCode Status, JsonObject Body, HttpResponseHeaders Headers)> SendAsync(HttpRequestMessage request)
    {
        using var answer = await _http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, JsonNode.Parse(text.Length == 0 ? "{}" : text)!.AsObject(), answer.Headers);
    }
}
