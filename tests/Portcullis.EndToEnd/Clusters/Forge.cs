using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Sources;
using Portcullis.Testing;
using Portcullis.Testing.Clusters;
using Portcullis.Testing.Git;

namespace Portcullis.EndToEnd.Clusters;

/// <summary>
/// A repository on a server of its own: read over ssh, asked only once an hour, so that a commit counts when the forge's signed notice of the
/// push comes and not before.
/// </summary>
internal sealed class Forge : IDisposable
{
    private const string Token = "shared with the forge";

    private readonly TestCluster _cluster;
    private readonly SshServer _server;
    private readonly HttpClient _http = new(new SocketsHttpHandler());

    private Forge(TestCluster cluster, SshServer server, string source)
    {
        _cluster = cluster;
        _server = server;
        Source = source;
    }

    public string Source { get; }

    public static void SkipWhenMissing()
    {
        if (!SshServer.IsInstalled)
        {
            Assert.Ignore("not run: sshd is not installed (apt-get install openssh-server)");
        }
    }

    /// <summary>Makes the Secrets of the root source, and writes its manifest to a file.</summary>
    public static async Task<Forge> StartAsync(TestCluster cluster, GitWorkspace git, string source, string rootFile)
    {
        var forge = new Forge(cluster, await SshServer.StartAsync(git), source);
        await forge.SecretAsync($"deploy-{source}", ("identity", forge._server.Identity), ("known_hosts", forge._server.KnownHosts));
        await forge.SecretAsync($"hook-{source}", ("token", Token));
        await File.WriteAllTextAsync(rootFile, new JsonObject
        {
            ["apiVersion"] = GitSource.Definition.ApiVersion,
            ["kind"] = GitSource.Definition.Kind,
            ["metadata"] = new JsonObject { ["name"] = source },
            ["spec"] = new JsonObject
            {
                ["url"] = forge._server.AddressOf(git.Folder),
                ["interval"] = "1h",
                ["secretRef"] = new JsonObject { ["name"] = $"deploy-{source}" },
                ["receivers"] = new JsonArray(new JsonObject { ["type"] = "generic-hmac", ["secretRef"] = new JsonObject { ["name"] = $"hook-{source}" } }),
            },
        }.ToJsonString());
        return forge;
    }

    public async Task<JsonObject?> StatusAsync() =>
        (await _cluster.Client.GetAsync(GitSource.Definition, ObjectKey.Cluster(Source), CancellationToken.None))?["status"] as JsonObject;

    public Task AppliedAsync(string commit, TimeSpan? within = null) => Eventually.HoldsAsync(
        async () => (await StatusAsync())?["lastAppliedCommit"]?.GetValue<string>() == commit, within ?? TimeSpan.FromSeconds(60), $"{Source} to be at {commit}");

    /// <summary>Tells the operator that listens there of a push.</summary>
    public async Task<HttpStatusCode> NotifyAsync(int port)
    {
        const string Body = """{"ref":"refs/heads/main"}""";
        var path = (await StatusAsync())!["receiverPaths"]![0]!.GetValue<string>();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}{path}")) { Content = new StringContent(Body) };
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Token), Encoding.UTF8.GetBytes(Body));
        request.Headers.Add("X-Signature", "sha256=" + Convert.ToHexStringLower(signature));
        using var answer = await _http.SendAsync(request);
        return answer.StatusCode;
    }

    public void Dispose()
    {
        _http.Dispose();
        _server.Dispose();
    }

    private Task<JsonObject> SecretAsync(string name, params (string Key, string Value)[] content) => _cluster.ApplyAsync(new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Secret",
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["namespace"] = WellKnown.SystemNamespace,
            ["labels"] = new JsonObject { [WellKnown.Labels.AllowedSource] = Source },
            ["annotations"] = new JsonObject { [WellKnown.Annotations.AllowedHost] = _server.Host },
        },
        ["stringData"] = new JsonObject(content.Select(c => KeyValuePair.Create(c.Key, (JsonNode?)c.Value))),
    });
}
