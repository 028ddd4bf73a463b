using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Portcullis.Testing;

namespace Portcullis.Tests.Gateway;

/// <summary>A real notary-server that keeps its content in memory and takes nothing but tokens that lead to an authority.</summary>
internal sealed class NotaryServer : IAsyncDisposable
{
    private const string Program = "/usr/bin/notary-server";

    private readonly Process _process;
    private readonly string _folder;

    private NotaryServer(Process process, string folder, string address) => (_process, _folder, Address) = (process, folder, address);

    public static string? Missing { get; } = File.Exists(Program) && File.Exists("/usr/bin/notary") ? null : "not run: notary is not installed (apt-get install notary)";

    public string Address { get; }

    public static async Task<NotaryServer> StartAsync(int port, string issuer, string service, string roots)
    {
        var folder = Directory.CreateTempSubdirectory("pn-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "roots.pem"), roots);
        await File.WriteAllTextAsync(Path.Combine(folder, "config.json"), $$"""
            {
              "server": {"http_addr": "127.0.0.1:{{port}}"},
              "trust_service": {"type": "local", "hostname": "", "port": "", "key_algorithm": "ecdsa"},
              "storage": {"backend": "memory"},
              "logging": {"level": "warn"},
              "auth": {"type": "token", "options": {"realm": "https://localhost/token", "service": "{{service}}", "issuer": "{{issuer}}", "rootcertbundle": "{{folder}}/roots.pem"} }
            }
            """);
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$1\" -config \"$2/config.json\" -logf logfmt >\"$2/log\" 2>&1 </dev/null", "sh", Program, folder]);
        var server = new NotaryServer(Process.Start(start)!, folder, string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        await Eventually.HoldsAsync(() => server._process.HasExited || Listens(port));
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static bool Listens(int port)
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
