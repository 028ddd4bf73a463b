using System.Diagnostics;

namespace Portcullis.Testing.Programs;

/// <summary>
/// A script that a test writes and something then runs. Another process writes it: a file that this one holds open for writing is open in
/// every child that a parallel test starts at that moment as well, until that child runs its own program, and execve(2) refuses such a
/// file (ETXTBSY, "Text file busy").
/// </summary>
public static class Script
{
    /// <summary>Writes it, executable by all, in place of what was there.</summary>
    public static void Write(string path, string text)
    {
        using var install = Process.Start(new ProcessStartInfo("install", ["-m", "0755", "/dev/stdin", path]) { RedirectStandardInput = true })!;
        install.StandardInput.Write(text);
        install.StandardInput.Close();
        install.WaitForExit();
        if (install.ExitCode != 0)
        {
            throw new IOException($"{path} cannot be written: install ended with {install.ExitCode}");
        }
    }
}
