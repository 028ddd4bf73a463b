using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Portcullis.ApiServer;

namespace Portcullis.Testing.Git;

/// <summary>
/// A real sshd on a loopback port that lets one new key in as whoever runs the test, with a host key of its own. Everything of it lies in
/// the workspace's folder.
/// </summary>
public sealed class SshServer : IDisposable
{
    private const string Program = "/usr/sbin/sshd"; // it starts itself anew for every connection and so wants a whole path

    private readonly Process _process;
    private readonly int _port;
    private readonly string _log;

    private SshServer(Process process, int port, string folder)
    {
        _process = process;
        _port = port;
        _log = Path.Combine(folder, "log");
        Identity = File.ReadAllText(Path.Combine(folder, "identity"));
        KnownHosts = $"[127.0.0.1]:{port.ToString(CultureInfo.InvariantCulture)} {File.ReadAllText(Path.Combine(folder, "host.pub"))}";
        Stranger = $"[127.0.0.1]:{port.ToString(CultureInfo.InvariantCulture)} {File.ReadAllText(Path.Combine(folder, "stranger.pub"))}";
        StrangersIdentity = File.ReadAllText(Path.Combine(folder, "stranger"));
    }

    /// <summary>Whether this machine can run one.</summary>
    public static bool IsInstalled => File.Exists(Program);

    /// <summary>Host and port, as credentials are bound to them.</summary>
    public string Host => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_port}");

    /// <summary>The private key that is let in.</summary>
    public string Identity { get; }

    public string KnownHosts { get; }

    /// <summary>A known_hosts that names this server with a key that is not its own.</summary>
    public string Stranger { get; }

    /// <summary>A private key that is not let in.</summary>
    public string StrangersIdentity { get; }

    /// <summary>How many connections it has let in so far.</summary>
    public int Logins => File.ReadLines(_log).Count(l => l.Contains("Accepted publickey", StringComparison.Ordinal));

    public static async Task<SshServer> StartAsync(GitWorkspace workspace)
    {
        var folder = Path.Combine(workspace.Root, "ssh");
        Directory.CreateDirectory(folder);
        foreach (var key in new[] { "host", "identity", "stranger" })
        {
            workspace.Run("ssh-keygen", folder, "-q", "-t", "ed25519", "-N", "", "-C", key, "-f", Path.Combine(folder, key));
        }

        if (Environment.IsPrivilegedProcess)
        {
            Directory.CreateDirectory("/run/sshd"); // where root's sshd locks its unprivileged half up
        }

        for (var attempt = 1; ; attempt++)
        {
            if (await TryStartAsync(folder, LoopbackPort.Free()) is { } server)
            {
                return server;
            }

            if (attempt == 3)
            {
                throw new InvalidOperationException("sshd does not start: " + await File.ReadAllTextAsync(Path.Combine(folder, "log")));
            }
        }
    }

    /// <summary>The address of a repository on this machine.</summary>
    public string AddressOf(string repository) => $"ssh://{Environment.UserName}@{Host}{repository}";

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>Null when somebody else took the port first.</summary>
    private static async Task<SshServer?> TryStartAsync(string folder, int port)
    {
        var configuration = Path.Combine(folder, "sshd_config");
        var log = Path.Combine(folder, "log");
        await File.WriteAllTextAsync(configuration, string.Create(CultureInfo.InvariantCulture, $"""
            Port {port}
            ListenAddress 127.0.0.1
            HostKey {folder}/host
            AuthorizedKeysFile {folder}/identity.pub
            PidFile none
            UsePAM no
            StrictModes no
            PermitRootLogin prohibit-password
            PasswordAuthentication no
            KbdInteractiveAuthentication no

            """));
        var process = Process.Start(new ProcessStartInfo(Program, ["-D", "-f", configuration, "-E", log]) { RedirectStandardInput = true })!;
        await Eventually.HoldsAsync(async () => process.HasExited || await AnswersAsync(port), what: "sshd to listen");
        if (!process.HasExited)
        {
            return new SshServer(process, port, folder);
        }

        process.Dispose();
        return null;
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
