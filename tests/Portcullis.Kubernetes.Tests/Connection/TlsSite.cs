using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Portcullis.ApiServer;
using Portcullis.Kubernetes.Connection;
using Portcullis.Kubernetes.Http;
using Portcullis.Objects.Json;
using Portcullis.Testing;
using Portcullis.Testing.Programs;

namespace Portcullis.Kubernetes.Tests.Connection;

/// <summary>An API server with TLS, whoever it knows, and a folder for kubeconfigs and what they name.</summary>
internal sealed class TlsSite : IAsyncDisposable
{
    private readonly string _state;
    private readonly EmbeddedApiServer _server;

    private TlsSite(string folder, string state, EmbeddedApiServer server)
    {
        Folder = folder;
        _state = state;
        _server = server;
    }

    public string Folder { get; }

    public Uri Address => _server.Address;

    /// <summary>The client's clock; the server has the real one.</summary>
    public ManualTimeProvider Time { get; } = new();

    public static async Task<TlsSite> OpenAsync()
    {
        var folder = Directory.CreateTempSubdirectory("portcullis-tls-").FullName;
        var state = Path.Combine(folder, "state");
        var server = await EmbeddedApiServer.StartAsync(new ApiServerOptions { StateFolder = state }, NullLoggerFactory.Instance, CancellationToken.None);
        var site = new TlsSite(folder, state, server);
        await File.WriteAllTextAsync(Path.Combine(folder, "ca.crt"), server.CaCertificatePem);
        return site;
    }

    /// <summary>A new token of a user. The former one counts no longer.</summary>
    public string Token(string user, params string[] groups)
    {
        var config = _server.CreateKubeconfig(user, groups, Path.Combine(_state, $"{user}.kubeconfig"));
        return File.ReadLines(config).Select(l => l.Trim()).Single(l => l.StartsWith("token: ", StringComparison.Ordinal))["token: ".Length..].Trim('"');
    }

    /// <summary>A client certificate that the server believes, and its key.</summary>
    public (string Certificate, string Key) Certificate(string user, TimeSpan? life = null)
    {
        using var authority = X509Certificate2.CreateFromPemFile(Path.Combine(_state, "ca.crt"), Path.Combine(_state, "ca.key"));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={user}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], false));
        var now = TimeProvider.System.GetUtcNow();
        using var signed = request.Create(authority, authority.NotBefore, now + (life ?? TimeSpan.FromDays(1)), RandomNumberGenerator.GetBytes(16));
        return (signed.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>The server's own certificate, for whoever else shall be believed.</summary>
    public X509Certificate2 Serving() => X509CertificateLoader.LoadPkcs12(
        X509Certificate2.CreateFromPemFile(Path.Combine(_state, "server.crt"), Path.Combine(_state, "server.key")).Export(X509ContentType.Pkcs12), null);

    /// <summary>A connection of this user, as a kubeconfig in the folder says it; further members of the cluster may be added.</summary>
    public KubernetesConnection Connection(string user, string cluster = "") => KubeConfig.Load(
        [Write("config", $$"""
            current-context: a
            contexts: [{name: a, context: {cluster: c, user: u} }]
            clusters: [{name: c, cluster: {server: "{{Address}}", certificate-authority: ca.crt{{cluster}} } }]
            users: [{name: u, user: { {{user}} } }]
            """)],
        null,
        Time);

    /// <summary>As whom the server knows a client of this connection.</summary>
    public Asking Client(KubernetesConnection connection, Func<string, string?>? environment = null) =>
        new(KubernetesClientFactory.CreateHttpClient(connection, Time, environment ?? (_ => null)), Time);

    public string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>A program in the folder, and the user that has it as plugin.</summary>
    public string Plugin(string script)
    {
        Script.Write(Path.Combine(Folder, "plugin"), $"#!/bin/sh\necho run >> '{Folder}/runs'\n{script}\n");
        return "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin, interactiveMode: Never}";
    }

    /// <summary>A plugin that gives what stands in the file <c>answer</c>.</summary>
    public string AnsweringPlugin() => Plugin($"cat '{Folder}/answer'");

    public void Answer(JsonObject status, DateTimeOffset? expires = null)
    {
        if (expires is { } time)
        {
            status["expirationTimestamp"] = time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        }

        Write("answer", KubernetesJson.ToText(
            new JsonObject { ["apiVersion"] = "client.authentication.k8s.io/v1", ["kind"] = "ExecCredential", ["status"] = status }));
    }

    public int Runs() => File.ReadAllLines(Path.Combine(Folder, "runs")).Length;

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}

/// <summary>Asks the server, over the connections of one client, who asks.</summary>
internal sealed class Asking(HttpClient http, TimeProvider time) : IDisposable
{
    public async Task<string> WhoAsync() => (await AskAsync()).String("username") ?? "";

    public async Task<JsonObject> AskAsync()
    {
        var answer = await new Kubernetes.Client.KubernetesClient(http, time).PostAsync(
            "/apis/authentication.k8s.io/v1/selfsubjectreviews",
            new JsonObject { ["apiVersion"] = "authentication.k8s.io/v1", ["kind"] = "SelfSubjectReview" },
            CancellationToken.None);
        return answer.Object("status").Object("userInfo")!;
    }

    public void Dispose() => http.Dispose();
}
