using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Portcullis.Http.Serving;
using Portcullis.Kubernetes.Connection;

namespace Portcullis.Testing.Faults;

/// <summary>
/// A plain-HTTP reverse proxy on loopback before any server (an API server of any make, a registry, a Notary server): passes
/// everything on, streams included, and lets the injector count, delay, break and kill. Credentials in headers pass through; a client
/// certificate cannot: give the client a token (<c>TokenRequest</c>).
/// </summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private static readonly HashSet<string> HopByHop = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Host",
    };

    private readonly HttpServer _server;
    private readonly HttpMessageInvoker _upstream;

    private FaultProxy(HttpServer server, HttpMessageInvoker upstream, FaultInjector faults)
    {
        _server = server;
        _upstream = upstream;
        Faults = faults;
    }

    public FaultInjector Faults { get; }

    public Uri Address => new(_server.Address);

    /// <summary>Starts one before <paramref name="upstream"/>, whose certificate must be signed by the given CA when it speaks TLS.</summary>
    public static Task<FaultProxy> StartAsync(Uri upstream, string? caCertificatePem = null, FaultInjector? faults = null, int port = 0)
    {
        var authorities = new X509Certificate2Collection();
        if (caCertificatePem is not null)
        {
            authorities.ImportFromPem(caCertificatePem);
        }

        return StartAsync(new KubernetesConnection { Server = upstream, CertificateAuthorities = [.. authorities] }, faults, port);
    }

    /// <summary>Starts one before the API server of a kubeconfig, whose credentials it does not use.</summary>
    public static async Task<FaultProxy> StartAsync(KubernetesConnection upstream, FaultInjector? faults = null, int port = 0)
    {
        var invoker = new HttpMessageInvoker(Handler(upstream));
        faults ??= new FaultInjector();
        var options = new HttpServerOptions
        {
            Listen = ListenAddress.Loopback(port),
            Limits = new RequestLimits { LargestBody = null, AllowSlowClients = true },
        };
        var server = await HttpServer.StartAsync(
            options,
            _ => { },
            application =>
            {
                application.UseFaults(faults);
                application.Run(context => ForwardAsync(context, upstream, invoker));
            },
            CancellationToken.None);
        return new FaultProxy(server, invoker, faults);
    }

    /// <summary>A copy of a kubeconfig whose server is this proxy.</summary>
    public string WriteKubeconfig(string kubeconfig, string path)
    {
        var lines = File.ReadAllLines(kubeconfig).Select(line =>
        {
            var text = line.TrimStart();
            var indent = line[..^text.Length];
            return text.StartsWith("server:", StringComparison.Ordinal) ? $"{indent}server: {Address.AbsoluteUri.TrimEnd('/')}"
                : text.StartsWith("certificate-authority", StringComparison.Ordinal) ? ""
                : line;
        });
        File.WriteAllLines(path, lines);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return path;
    }

    public async ValueTask DisposeAsync()
    {
        // Watches are open for ever: nobody waits for them.
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        await _server.StopAsync(now.Token);
        await _server.DisposeAsync();
        _upstream.Dispose();
    }

    private static SocketsHttpHandler Handler(KubernetesConnection upstream)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false };
        if (upstream.CertificateAuthorities.Count > 0)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(upstream.CertificateAuthorities.ToArray());
            handler.SslOptions.CertificateChainPolicy = policy;
        }

        if (upstream.SkipTlsVerify)
        {
#pragma warning disable CA5359 // the kubeconfig says insecure-skip-tls-verify
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        return handler;
    }

    private static async Task ForwardAsync(HttpContext context, KubernetesConnection upstream, HttpMessageInvoker invoker)
    {
        using var message = new HttpRequestMessage(
            new HttpMethod(context.Request.Method),
            $"{upstream.Server.AbsoluteUri.TrimEnd('/')}{context.Request.Path.ToUriComponent()}{context.Request.QueryString}");
        message.Headers.Host = upstream.TlsServerName;
        if (context.Request.ContentLength is > 0 || context.Request.Headers.TransferEncoding.Count > 0)
        {
            message.Content = new StreamContent(context.Request.Body);
        }

        foreach (var (name, values) in context.Request.Headers.Where(h => !HopByHop.Contains(h.Key)))
        {
            if (!message.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                message.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        try
        {
            using var answer = await invoker.SendAsync(message, context.RequestAborted);
            context.Response.StatusCode = (int)answer.StatusCode;
            foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(h => !HopByHop.Contains(h.Key)))
            {
                context.Response.Headers[name] = values.ToArray();
            }

            await CopyAsync(await answer.Content.ReadAsStreamAsync(context.RequestAborted), context);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // Whatever breaks upstream breaks downstream.
            context.Abort();
        }
    }

    private static async Task CopyAsync(Stream from, HttpContext context)
    {
        await context.Response.Body.FlushAsync(context.RequestAborted);
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await from.ReadAsync(buffer, context.RequestAborted)) > 0)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }
}
