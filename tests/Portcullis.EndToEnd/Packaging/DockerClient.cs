using System.Diagnostics;
using Portcullis.Testing.Engines;

namespace Portcullis.EndToEnd.Packaging;

/// <summary>The <c>docker</c> program against one engine, with nothing of the user's configuration.</summary>
internal sealed class DockerClient(DockerEngine engine)
{
    public static string? Missing { get; } = RootFileSystem.Find("docker") is null ? "not run: the docker command is not installed" : null;

    public string Run(params IReadOnlyList<string> arguments)
    {
        var (code, output) = Try(arguments);
        return code == 0 ? output : throw new InvalidOperationException($"docker {string.Join(' ', arguments)} ended with {code}: {output}");
    }

    /// <summary>Exit code, and output and error as one.</summary>
    public (int Code, string Output) Try(params IReadOnlyList<string> arguments) => Start("docker", arguments);

    public void Shell(string script)
    {
        var (code, output) = Start("/bin/bash", ["-o", "pipefail", "-c", script]);
        if (code != 0)
        {
            throw new InvalidOperationException($"{script}: {output}");
        }
    }

    private (int Code, string Output) Start(string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" 2>&1", "sh", program, .. arguments]) { RedirectStandardOutput = true };
        start.Environment["DOCKER_HOST"] = engine.Address;
        start.Environment["DOCKER_CONFIG"] = engine.Folder;
        start.Environment["DOCKER_BUILDKIT"] = "0"; // BuildKit's client is a package of its own
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output.Trim());
    }
}
