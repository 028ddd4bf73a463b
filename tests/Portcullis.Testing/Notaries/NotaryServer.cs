using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.Clients.Notary;
using Portcullis.Clients.Registry;
using Portcullis.Testing.Programs;
using Portcullis.Testing.Servers;

namespace Portcullis.Testing.Notaries;

/// <summary>
/// A real notary-server (0.7) of a test's own: on a loopback port, with its content in memory, so that a restart loses all of it; stopped by its
/// pid. It needs Debian's notary.
/// </summary>
public sealed class NotaryServer : IAsyncDisposable
{
    private const string Program = "/usr/bin/notary-server";

    private readonly SocketsHttpHandler _handler = new() { AllowAutoRedirect = false, UseProxy = false, UseCookies = false };
    private readonly string _folder = Directory.CreateTempSubdirectory("pn-").FullName;
    private readonly NotaryServerOptions _options;
    private readonly int _port;
    private OwnedServer? _process;

    private NotaryServer(NotaryServerOptions options)
    {
        _options = options;
        _port = options.Port == 0 ? LoopbackServer.FreePort() : options.Port;
    }

    /// <summary>Why no server can be started here; null when one can, and the notary client is there too.</summary>
    public static string? Missing { get; } = File.Exists(Program) && File.Exists("/usr/bin/notary") ? null : "not run: notary is not installed (apt-get install notary)";

    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}/"));

    public string LogFile => Path.Combine(_folder, "log");

    /// <summary>The pid; null when it does not run.</summary>
    public int? Pid => _process?.Pid;

    public static async Task<NotaryServer> StartAsync(NotaryServerOptions? options = null)
    {
        var server = new NotaryServer(options ?? new NotaryServerOptions());
        try
        {
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client of it, or of something that stands before it.</summary>
    public NotaryClient Client(Uri? through = null, RegistryClientOptions? options = null) => NotaryClient.Create(
        RegistryEndpoint.TryParse((through ?? Address).AbsoluteUri, allowPlainHttp: true)!, _handler, options ?? new RegistryClientOptions());

    /// <summary>Starts it after <see cref="StopAsync"/>: on the same port, with nothing in it.</summary>
    public async Task StartAgainAsync()
    {
        var configuration = Path.Combine(_folder, "config.json");
        await File.WriteAllTextAsync(configuration, Configuration().ToJsonString());
        _process = await OwnedServer.StartAsync(Program, configuration, LogFile, _port, "-logf", "logfmt");
    }

    /// <summary>Ends it at once. Its content is lost.</summary>
    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            await process.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _handler.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private JsonObject Configuration()
    {
        var configuration = new JsonObject
        {
            ["server"] = new JsonObject { ["http_addr"] = Address.Authority },
            ["trust_service"] = _options.Signer?.ServiceFor(_options.KeyAlgorithm)
                ?? new JsonObject { ["type"] = "local", ["hostname"] = "", ["port"] = "", ["key_algorithm"] = _options.KeyAlgorithm },
            ["storage"] = new JsonObject { ["backend"] = "memory" },
            ["logging"] = new JsonObject { ["level"] = "warn" },
        };
        if (_options.Tokens is { } tokens)
        {
            var roots = Path.Combine(_folder, "roots.pem");
            File.WriteAllText(roots, tokens.Roots);
            configuration["auth"] = new JsonObject
            {
                ["type"] = "token",
                ["options"] = new JsonObject { ["realm"] = tokens.Realm, ["service"] = tokens.Service, ["issuer"] = tokens.Issuer, ["rootcertbundle"] = roots },
            };
        }

        return configuration;
    }
}
