using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Portcullis.ApiServer.Serving;
using Portcullis.ApiServer.Storage;
using Portcullis.Http.Machine;
using Portcullis.Http.Serving;

namespace Portcullis.ApiServer;

/// <summary>Where and how the embedded API runs. The state folder is created with mode 0700.</summary>
public sealed record ApiServerOptions
{
    public required string StateFolder { get; init; }

    /// <summary>Loopback port; 0 picks a free one (and keeps it for the next start from the same folder).</summary>
    public int Port { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Runs before every request: tests inject faults here. The server itself sets nothing.</summary>
    public Func<RequestDelegate, RequestDelegate> Middleware { get; init; } = next => next;
}

/// <summary>A Kubernetes API in this process: Kestrel on loopback, SQLite in the state folder, the built-in controllers behind it.</summary>
public sealed class EmbeddedApiServer : IAsyncDisposable
{
    private const string MastersGroup = "system:masters";

    private readonly ServerParts _parts;
    private readonly HttpServer _host;

    private EmbeddedApiServer(ServerParts parts, HttpServer host, Uri address, string adminKubeconfigPath)
    {
        _parts = parts;
        _host = host;
        Address = address;
        AdminKubeconfigPath = adminKubeconfigPath;
    }

    public Uri Address { get; }

    public string CaCertificatePem => _parts.Certificates.AuthorityPem;

    /// <summary>Mode 0600; a member of system:masters.</summary>
    public string AdminKubeconfigPath { get; }

    /// <summary>The version of the newest write.</summary>
    public long CurrentVersion => _parts.Resources.Store.CurrentVersion;

    /// <summary>Returns once requests are answered. Throws when the folder, its database or the port cannot be used.</summary>
    public static async Task<EmbeddedApiServer> StartAsync(ApiServerOptions options, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        if (PrivateFolder.Claim(options.StateFolder) is { } problem)
        {
            throw new IOException(problem);
        }

        var port = options.Port != 0 ? options.Port : LoopbackPort.Choose(PortFile(options));
        var address = new Uri($"https://127.0.0.1:{port}");
        var parts = await ServerParts.OpenAsync(options, address, loggers, cancellationToken);
        try
        {
            var handler = options.Middleware(parts.Handler.HandleAsync);
            var host = await HttpServer.StartAsync(ServerOptions(port, parts.Certificates.Serving, loggers), handler, cancellationToken);
            PrivateFile.Replace(PortFile(options), System.Text.Encoding.ASCII.GetBytes(port.ToString(CultureInfo.InvariantCulture)));
            var server = new EmbeddedApiServer(parts, host, address, Path.Combine(options.StateFolder, "admin.kubeconfig"));
            server.CreateKubeconfig("admin", [MastersGroup], server.AdminKubeconfigPath);
            return server;
        }
        catch
        {
            await parts.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes a kubeconfig (0600) for a user with a token of its own, which replaces that user's former one at this path.</summary>
    public string CreateKubeconfig(string user, IReadOnlyList<string> groups, string path)
    {
        var token = _parts.Tokens.Issue($"kubeconfig {Path.GetFullPath(path)}", user, groups);
        KubeConfigWriter.Write(path, Address, CaCertificatePem, user, token);
        return path;
    }

    /// <summary>Forgets the past, as etcd's compaction does: watches and pages from before answer 410.</summary>
    public void Compact() => _parts.Resources.Store.Log.Compact();

    public async ValueTask DisposeAsync()
    {
        await _parts.StopAsync();
        await _host.DisposeAsync();
        await _parts.DisposeAsync();
    }

    private static HttpServerOptions ServerOptions(int port, X509Certificate2 certificate, ILoggerFactory loggers) => new()
    {
        Listen = ListenAddress.Loopback(port),
        Tls = new ServerTls(() => certificate) { AcceptClientCertificates = true },
        Limits = new RequestLimits
        {
            LargestBody = null, // the handler answers 413 itself, as a Status
            AllowSlowClients = true, // watches are silent for long
            StreamsPerConnection = 1000,
        },
        Loggers = loggers,
    };

    private static string PortFile(ApiServerOptions options) => Path.Combine(options.StateFolder, "port");
}
