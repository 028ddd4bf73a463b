using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace Portcullis.Tests.Gateway;

/// <summary>Clients that say that a body comes and send none of it.</summary>
internal sealed class SlowClientTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    [Test]
    public async Task Who_sends_no_form_for_a_token_holds_no_connection()
    {
        await using var world = await GatewayWorld.StartAsync(whole: true);
        using var socket = await ConnectAsync(world.Host);
        await using var tls = new SslStream(new NetworkStream(socket));
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
        });
        Assert.That(await AnswerAsync(tls, $"POST /token HTTP/1.1\r\nHost: {world.Host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\n"), Is.Empty.Or.StartsWith("HTTP/1.1 408"));
    }

    [Test]
    public async Task Who_sends_no_manifest_holds_no_connection_but_a_layer_may_take_its_time()
    {
        await using var world = await GatewayWorld.StartAsync();
        using var ann = world.Client("ann");
        using var started = await ann.PostAsync($"/v2/{GatewayWorld.Name}/blobs/uploads/", null);
        var layer = "layer"u8.ToArray();
        using var waiting = new WaitingContent(layer);
        var uploading = ann.PutAsync($"{started.Headers.Location}&digest=sha256:{Convert.ToHexStringLower(SHA256.HashData(layer))}", waiting);
        await waiting.IsAsked.WaitAsync(Guard);

        using var socket = await ConnectAsync(world.Host);
        await using var connection = new NetworkStream(socket);
        var answer = await AnswerAsync(
            connection,
            $"PUT /v2/{GatewayWorld.Name}/manifests/slow HTTP/1.1\r\nHost: {world.Host}\r\nAuthorization: {ann.DefaultRequestHeaders.Authorization}\r\n"
            + "Content-Type: application/vnd.oci.image.manifest.v1+json\r\nContent-Length: 1000\r\n\r\n");
        Assert.That(answer, Is.Empty.Or.StartsWith("HTTP/1.1 4"));

        // It has waited for longer than the other connection was kept.
        waiting.Send();
        using var uploaded = await uploading;
        Assert.That(uploaded.StatusCode, Is.EqualTo(HttpStatusCode.Created));
    }

    [Test]
    public async Task Who_sends_no_layer_for_longer_than_the_gateways_patience_is_told_so()
    {
        await using var world = await GatewayWorld.StartAsync(configure: o => o with { Patience = TimeSpan.FromSeconds(2) });
        using var ann = world.Client("ann");
        using var started = await ann.PostAsync($"/v2/{GatewayWorld.Name}/blobs/uploads/", null);
        var location = new Uri(new Uri($"http://{world.Host}"), started.Headers.Location!).PathAndQuery;
        using var socket = await ConnectAsync(world.Host);
        await using var connection = new NetworkStream(socket);

        var answer = await AnswerAsync(
            connection,
            $"PATCH {location} HTTP/1.1\r\nHost: {world.Host}\r\nAuthorization: {ann.DefaultRequestHeaders.Authorization}\r\n"
            + "Content-Type: application/octet-stream\r\nContent-Length: 1000000\r\n\r\nx");

        Assert.That(answer, Does.StartWith("HTTP/1.1 408").And.Contain("slower than 1024 bytes a second"));
    }

    [Test]
    public async Task Over_HTTP_2_too()
    {
        await using var world = await GatewayWorld.StartAsync(configure: o => o with { Patience = TimeSpan.FromSeconds(2) }, whole: true);
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(world.AuthorityFile);
        using var ann = new HttpClient(new SocketsHttpHandler { UseProxy = false, SslOptions = { CertificateChainPolicy = policy } })
        {
            BaseAddress = new Uri($"https://{world.Host}/"), DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact, Timeout = Guard,
        };
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/token?service={world.Host}&scope=repository:{GatewayWorld.Name}:pull,push") { Version = HttpVersion.Version20 };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("ann:anns-password"u8));
        using var response = await ann.SendAsync(request);
        ann.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["token"]!);
        using var started = await ann.PostAsync($"/v2/{GatewayWorld.Name}/blobs/uploads/", null);
        using var silent = new WaitingContent(new byte[1000]);

        using var answer = await ann.PatchAsync(started.Headers.Location, silent);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.RequestTimeout));
        silent.Send();
    }

    private static async Task<Socket> ConnectAsync(string host)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, int.Parse(host[(host.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture));
        return socket;
    }

    /// <summary>What comes first; empty when the connection ends without an answer.</summary>
    private static async Task<string> AnswerAsync(Stream connection, string request)
    {
        using var guard = new CancellationTokenSource(Guard);
        await connection.WriteAsync(Encoding.ASCII.GetBytes(request), guard.Token);
        var buffer = new byte[1000];
        try
        {
            return Encoding.ASCII.GetString(buffer, 0, await connection.ReadAsync(buffer, guard.Token));
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>A body whose headers are sent at once, and which itself comes when it is told to.</summary>
    private sealed class WaitingContent(byte[] bytes) : HttpContent
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task IsAsked => _asked.Task;

        public void Send() => _sent.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.FlushAsync();
            _asked.TrySetResult();
            await _sent.Task;
            await stream.WriteAsync(bytes);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = bytes.Length;
            return true;
        }
    }
}
