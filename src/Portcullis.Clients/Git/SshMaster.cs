using System.Diagnostics;

namespace Portcullis.Clients.Git;

/// <summary>
/// One ssh connection that is kept open for several commands (ControlMaster). It ends with this program, however that ends: a shell beside it waits for the
/// end of its input, whose other end only this process holds.
/// </summary>
internal sealed class SshMaster : IDisposable
{
    private const string Ready = "ready";

    /// <summary>Runs its arguments until they end or the input does.</summary>
    private const string Script = """
        exec 3<&0
        "$@" </dev/null & ssh=$!
        { read -r _ <&3; kill "$ssh"; } >/dev/null 2>&1 & input=$!
        wait "$ssh"
        kill "$input"
        """;

    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);

    private readonly Process _process;

    private SshMaster(Process process, string controlPath)
    {
        _process = process;
        ControlPath = controlPath;
    }

    /// <summary>The socket by which others use the connection.</summary>
    public string ControlPath { get; }

    public bool IsAlive => !_process.HasExited && File.Exists(ControlPath);

    /// <summary>Connects. Null when the server does not let that be done; why is better said by the command that is then run without it.</summary>
    public static async Task<SshMaster?> ConnectAsync(GitEnvironment environment, GitRemote remote, string controlPath, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script, "sh", "ssh", .. environment.MasterArguments(remote, controlPath, Ready)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment.Variables())
        {
            start.Environment[name] = value;
        }

        var master = new SshMaster(Process.Start(start)!, controlPath);
        try
        {
            master._process.ErrorDataReceived += (_, _) => { }; // read, so that it never waits for a reader
            master._process.BeginErrorReadLine();
            if (await master._process.StandardOutput.ReadLineAsync(cancellationToken) == Ready)
            {
                return master;
            }
        }
        catch
        {
            master.Dispose();
            throw;
        }

        master.Dispose();
        return null;
    }

    public void Dispose()
    {
        try
        {
            _process.StandardInput.Close();
            if (!_process.WaitForExit(EndLimit))
            {
                _process.Kill(entireProcessTree: true);
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // It has ended by itself.
        }

        _process.Dispose();
    }
}
