using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Portcullis.Testing.Programs;

/// <summary>A server program that a test starts with a configuration file, and that ends with the test's process whatever happens to that.</summary>
internal sealed class OwnedServer : IAsyncDisposable
{
    /// <summary>
    /// The program takes the place of the shell. Beside it somebody waits for the end of the test's process, which closes the pipe, and ends the
    /// program that would otherwise be left.
    /// </summary>
    private const string Script = """
        exec 3<&0
        program=$1; configuration=$2; log=$3; shift 3
        { cat; grep -q "$configuration" "/proc/$$/cmdline" && kill -KILL $$; } <&3 >/dev/null 2>&1 &
        exec "$program" -config "$configuration" "$@" >"$log" 2>&1 </dev/null 3<&-
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    private OwnedServer(Process process) => _process = process;

    /// <summary>The pid; null when it has ended.</summary>
    public int? Pid => _process.HasExited ? null : _process.Id;

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="program">Its path.</param>
    /// <param name="configuration">Its configuration file, of a name that no other process has in its command line.</param>
    /// <param name="log">Where its output goes.</param>
    /// <param name="port">On which it listens on 127.0.0.1.</param>
    /// <param name="arguments">What follows the configuration.</param>
    public static async Task<OwnedServer> StartAsync(string program, string configuration, string log, int port, params string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script, "sh", program, configuration, log, .. arguments]) { RedirectStandardInput = true };
        var server = new OwnedServer(Process.Start(start)!);
        await Eventually.HoldsAsync(() => server._process.HasExited || Listens(port), Patience);
        if (server.Pid is not null)
        {
            return server;
        }

        await server.DisposeAsync();
        throw new InvalidOperationException($"{program} does not start: {(File.Exists(log) ? await File.ReadAllTextAsync(log) : "no log")}");
    }

    public async ValueTask DisposeAsync()
    {
        if (Pid is { } pid)
        {
            using var signal = Process.Start(new ProcessStartInfo("/bin/kill", ["-KILL", pid.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardError = true })!;
            await signal.WaitForExitAsync();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
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
