using System.Globalization;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Portcullis.Http.Connections;
using Portcullis.Objects.Json;
using Portcullis.Processes;

namespace Portcullis.Up;

/// <summary>
/// The real servers that <c>portcullis up</c> runs beside itself, each wholly inside the state folder and on loopback: a Docker
/// Engine that leaves the machine's own Engine, bridges and firewall alone, a registry, and a Notary server.
/// </summary>
internal static class LocalParts
{
    public const string Engine = "engine";
    public const string Registry = "registry";
    public const string Notary = "notary";

    public static string EngineSocket(StateFolder state) => Path.Combine(state.Folder(Engine), "docker.sock");

    public static string DaemonJson(StateFolder state) => Path.Combine(state.Folder(Engine), "daemon.json");

    /// <summary>dockerd's own pid file, where SIGHUP is sent to.</summary>
    public static string EnginePidFile(StateFolder state) => Path.Combine(state.Folder(Engine), "docker.pid");

    public static ChildSpec EngineSpec(StateFolder state)
    {
        var folder = state.Folder(Engine);
        var daemonJson = DaemonJson(state);
        if (!File.Exists(daemonJson))
        {
            File.WriteAllText(daemonJson, "{}\n");
        }

        return new ChildSpec
        {
            Name = Engine,
            Program = "dockerd",
            Package = "docker.io",
            Folder = folder,
            Address = $"unix://{EngineSocket(state)}",
            StopTimeout = TimeSpan.FromSeconds(30),

            // dockerd mounts it onto itself; after one start that failed, or a kill, no later one unmounts it any more.
            OwnMount = DataFolder(folder),

            // No bridge and no firewall rules: those belong to the machine, which may have an Engine of its own.
            Arguments =
            [
                "--host", $"unix://{EngineSocket(state)}",
                "--data-root", DataFolder(folder),
                "--exec-root", Path.Combine(folder, "exec"),
                "--pidfile", EnginePidFile(state),
                $"--config-file={daemonJson}",
                "--bridge=none",
                "--iptables=false",
                "--ip6tables=false",
            ],
        };
    }

    private static string DataFolder(string folder) => Path.Combine(folder, "data");

    public static ChildSpec RegistrySpec(StateFolder state)
    {
        var folder = state.Folder(Registry);
        var port = state.Port(Registry);
        var configuration = Path.Combine(folder, "config.yml");
        File.WriteAllText(configuration, string.Create(CultureInfo.InvariantCulture, $"""
            version: 0.1
            log:
              level: warn
              accesslog:
                disabled: true
            storage:
              filesystem:
                rootdirectory: {Path.Combine(folder, "data")}
              delete:
                enabled: true
            http:
              addr: 127.0.0.1:{port}

            """));
        return new ChildSpec
        {
            Name = Registry,
            Program = "docker-registry",
            Package = "docker-registry",
            Folder = folder,
            Address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"),
            Arguments = ["serve", configuration],
        };
    }

    public static ChildSpec NotarySpec(StateFolder state)
    {
        var folder = state.Folder(Notary);
        var port = state.Port(Notary);
        var configuration = Path.Combine(folder, "config.json");

        // Debian's notary-server has no store on disk that needs no database server: its content lasts as long as the process.
        File.WriteAllBytes(configuration, KubernetesJson.ToBytes(new JsonObject
        {
            ["server"] = new JsonObject { ["http_addr"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}") },
            ["trust_service"] = new JsonObject { ["type"] = "local", ["hostname"] = "", ["port"] = "", ["key_algorithm"] = "ecdsa" },
            ["storage"] = new JsonObject { ["backend"] = "memory" },
            ["logging"] = new JsonObject { ["level"] = "warn" },
        }));
        return new ChildSpec
        {
            Name = Notary,
            Program = "notary-server",
            Package = "notary",
            Folder = folder,
            Address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"),
            Arguments = ["-config", configuration, "-logf", "logfmt"],
        };
    }

    /// <summary>Null when an HTTP GET is answered with success; <paramref name="socket"/> names a unix socket to ask instead of the address.</summary>
    public static async Task<string?> AnswersAsync(Uri uri, string? socket, CancellationToken cancellationToken)
    {
        using var handler = socket is null ? new SocketsHttpHandler { UseProxy = false } : UnixSocket.CreateHandler(socket);
        using var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            using var response = await client.GetAsync(uri, cancellationToken);
            return response.IsSuccessStatusCode ? null : $"{uri} answers {(int)response.StatusCode}";
        }
        catch (Exception exception) when (exception is HttpRequestException or SocketException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return $"{uri} does not answer";
        }
    }
}
