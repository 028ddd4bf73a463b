using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Sources.Receive;
using Portcullis.Testing;
using Portcullis.Testing.Git;

namespace Portcullis.Tests.Sources;

/// <summary>A repository on a server, asked over ssh once an hour: only a push notice makes a commit count sooner.</summary>
internal sealed class PushNoticeTests
{
    private const string Token = "shared-s3cret";

    private SourceWorld _world = null!;
    private SshServer _server = null!;

    [SetUp]
    public async Task SetUp()
    {
        if (!SshServer.IsInstalled)
        {
            Assert.Ignore("not run: there is no sshd here (apt-get install openssh-server)");
        }

        _world = await SourceWorld.StartAsync(running: false);
        await _world.StartOperatorAsync(receiverPort: 0);
        _server = await SshServer.StartAsync(_world.Git);
        await SecretAsync("hook", ("token", Token));
    }

    [TearDown]
    public async Task TearDown()
    {
        _server?.Dispose();
        if (_world is not null)
        {
            await _world.DisposeAsync();
        }
    }

    [Test]
    public async Task A_push_is_applied_when_its_notice_comes_and_not_before()
    {
        await SecretAsync("deploy", ("identity", _server.Identity), ("known_hosts", _server.KnownHosts));
        var first = _world.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit();
        await SourceAsync();
        var path = (await _world.ReadyAsync(first)).Status!.ReceiverPaths!.Single();
        var second = _world.Git.Write("a.yaml", SourceWorld.ConfigMap("a", "2")).Commit();

        // Drift makes a visit, and a visit alone does not ask the repository.
        await _world.Client.DeleteAsync(SourceWorld.ConfigMaps, new ObjectKey("work", "a"), new DeleteOptions(), default);
        var remade = await Eventually.GetsAsync(() => _world.ConfigMapAsync("a"));
        Assert.That(remade.Object("data").String("key"), Is.EqualTo("1"));
        Assert.That(await PostAsync(path, "forged"), Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((await _world.GetSourceAsync()).Status!.LastAttemptedRevision, Is.EqualTo($"main@sha1:{first}"));

        Assert.That(await PostAsync(path, Token), Is.EqualTo(HttpStatusCode.Accepted));

        await _world.ReadyAsync(second);
        Assert.That((await _world.ConfigMapAsync("a")).Object("data").String("key"), Is.EqualTo("2"));
    }

    [Test]
    public async Task A_server_with_another_host_key_is_refused_and_the_status_tells_its_fingerprint()
    {
        await SecretAsync("deploy", ("identity", _server.Identity), ("known_hosts", _server.Stranger));
        _world.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit();
        await SourceAsync();

        var source = await _world.StatusAsync(s => SourceWorld.Ready(s) is { Reason: "FetchFailed" });

        Assert.That(SourceWorld.Ready(source)!.Message, Does.Contain("the server shows the key SHA256:").And.Contain("not the one in known_hosts"));
        Assert.That(await _world.ConfigMapAsync("a"), Is.Null);
    }

    [Test]
    public async Task Ssh_without_known_hosts_is_refused()
    {
        await SecretAsync("deploy", ("identity", _server.Identity));
        _world.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit();
        await SourceAsync();

        var source = await _world.StatusAsync(s => SourceWorld.Ready(s) is { Reason: "SecretNotUsable" });

        Assert.That(SourceWorld.Ready(source)!.Message, Does.Contain("the Secret deploy needs the keys identity and known_hosts for ssh"));
    }

    private Task<JsonObject> SourceAsync() => _world.Cluster.ApplyAsync(new JsonObject
    {
        ["apiVersion"] = "portcullis.dev/v1alpha1",
        ["kind"] = "GitSource",
        ["metadata"] = new JsonObject { ["name"] = "root" },
        ["spec"] = new JsonObject
        {
            ["url"] = _server.AddressOf(_world.Git.Folder),
            ["interval"] = "1h",
            ["secretRef"] = new JsonObject { ["name"] = "deploy" },
            ["receivers"] = new JsonArray(new JsonObject { ["type"] = "generic-hmac", ["secretRef"] = new JsonObject { ["name"] = "hook" } }),
        },
    });

    private Task<JsonObject> SecretAsync(string name, params (string Key, string Value)[] content)
    {
        var data = new JsonObject();
        foreach (var (key, value) in content)
        {
            data[key] = value;
        }

        return _world.Cluster.ApplyAsync(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = "portcullis-system",
                ["labels"] = new JsonObject { ["portcullis.dev/allowed-source"] = "root" },
                ["annotations"] = new JsonObject { ["portcullis.dev/allowed-host"] = _server.Host },
            },
            ["stringData"] = data,
        });
    }

    private async Task<HttpStatusCode> PostAsync(string path, string token)
    {
        const string Body = """{"ref":"refs/heads/main"}""";
        using var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(_world.Services.GetRequiredService<ReceiverServer>().Address!) };
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(Body) };
        request.Headers.Add("X-Signature", "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(Body))));
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }
}
