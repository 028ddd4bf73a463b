using System.Globalization;

namespace Portcullis.Agent.Files;

/// <summary>A process and its user, in words.</summary>
internal static class ProcessDescription
{
    /// <summary>The login uid of a process that no login started (proc_pid_loginuid(5)).</summary>
    private const string NoLogin = "4294967295";

    /// <summary>As in "uid 0 (root), logged in as uid 1000 (ann), process 4711 (vim)"; null when it has exited.</summary>
    public static string? Of(int pid)
    {
        try
        {
            var folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}");
            var name = File.ReadAllText($"{folder}/comm").Trim();
            var uid = File.ReadLines($"{folder}/status").First(l => l.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1];

            // The user who logged in, behind any sudo.
            var login = File.Exists($"{folder}/loginuid") ? File.ReadAllText($"{folder}/loginuid").Trim() : "";
            var behind = login is "" or NoLogin || login == uid ? "" : $", logged in as uid {login}{NameOf(login)}";
            return $"uid {uid}{NameOf(uid)}{behind}, process {pid} ({name})";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string NameOf(string uid)
    {
        try
        {
            var entry = File.ReadLines("/etc/passwd").Select(l => l.Split(':')).FirstOrDefault(f => f.Length > 2 && f[2] == uid);
            return entry is null ? "" : $" ({entry[0]})";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
