using System.Diagnostics;
using System.Text;
using Portcullis.Http.Machine;

namespace Portcullis.Clients.Git;

/// <summary>What a finished command printed.</summary>
internal sealed record GitOutput(int ExitCode, byte[] Bytes, string Error)
{
    public string Text => Encoding.UTF8.GetString(Bytes);
}

/// <summary>One running git program: killed with its children when it takes too long, prints too much, or is no longer wanted.</summary>
internal sealed class GitProcess : IDisposable
{
    private const int ErrorLimit = 64 * 1024;

    private readonly Process _process;
    private readonly Task<string> _error;
    private readonly CancellationTokenRegistration _kill;
    private readonly string _command;

    private GitProcess(Process process, string command, CancellationToken cancellationToken)
    {
        _process = process;
        _command = command;
        _error = ReadErrorAsync(process.StandardError.BaseStream);
        _kill = cancellationToken.Register(() => Kill(withChildren: true));
    }

    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>Starts the program. The first argument names the command in messages.</summary>
    public static GitProcess Start(string program, string? folder, IEnumerable<string> arguments, GitEnvironment environment, CancellationToken cancellationToken)
    {
        var all = arguments.ToList();
        var path = ProgramPath.Find(program) ?? throw new GitException(GitFailure.Other, $"cannot run {program}: no folder of PATH has it");
        var start = new ProcessStartInfo(path)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        if (folder is not null)
        {
            start.ArgumentList.Add("--git-dir=" + folder);
        }

        foreach (var argument in all)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Clear();
        foreach (var (name, value) in environment.Variables())
        {
            start.Environment[name] = value;
        }

        try
        {
            return new GitProcess(Process.Start(start)!, all[0], cancellationToken);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new GitException(GitFailure.Other, $"cannot run {program}: {e.Message}", e);
        }
    }

    /// <summary>Runs to the end; a non-zero exit is the caller's to judge.</summary>
    public async Task<GitOutput> FinishAsync(int outputLimit, CancellationToken cancellationToken, byte[]? input = null)
    {
        var writing = WriteAsync(input, cancellationToken);
        using var collected = new MemoryStream();
        var buffer = new byte[32 * 1024];
        int read;
        while ((read = await Output.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (collected.Length + read > outputLimit)
            {
                Kill(withChildren: true);
                throw new GitException(GitFailure.TooLarge, $"git {_command}: printed more than {outputLimit / 1024 / 1024} MiB");
            }

            await collected.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        await writing;
        var code = await ExitAsync(cancellationToken);
        return new GitOutput(code, collected.ToArray(), await _error);
    }

    /// <summary>Waits for the end after the output was read; throws what git said when it failed.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        var code = await ExitAsync(cancellationToken);
        if (code != 0)
        {
            throw GitFailures.From(_command, code, await _error);
        }
    }

    public void Dispose()
    {
        _kill.Dispose();
        Kill(withChildren: false); // of a reader that knows enough: nothing else is running by now, and finding children is dear
        _process.StandardInput.BaseStream.Dispose(); // the process closes only those that nobody asked for
        _process.StandardOutput.Dispose();
        _process.StandardError.Dispose();
        _process.Dispose();
    }

    private async Task WriteAsync(byte[]? input, CancellationToken cancellationToken)
    {
        try
        {
            await _process.StandardInput.BaseStream.WriteAsync(input ?? [], cancellationToken);
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended early: what it says tells why.
        }
    }

    private async Task<int> ExitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested(); // killed by the registration: not git's own verdict
        return _process.ExitCode;
    }

    private void Kill(bool withChildren)
    {
        try
        {
            if (!_process.HasExited)
            {
                _process.Kill(withChildren);
            }
        }
        catch (InvalidOperationException)
        {
            // It ended between the question and the kill.
        }
    }

    private static async Task<string> ReadErrorAsync(Stream stream)
    {
        using var collected = new MemoryStream();
        var buffer = new byte[4096];
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer)) > 0)
            {
                await collected.WriteAsync(buffer.AsMemory(0, (int)Math.Min(read, Math.Max(0, ErrorLimit - collected.Length))));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The process was killed: what it said until then is all there is.
        }

        return Encoding.UTF8.GetString(collected.GetBuffer(), 0, (int)collected.Length);
    }
}
