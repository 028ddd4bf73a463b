using System.Text;
using System.Text.RegularExpressions;
using Portcullis.Agent.Files;
using Portcullis.Http.Messages;

namespace Portcullis.Agent.Engine;

/// <summary>Finds in the log of an engine why it exited.</summary>
internal static partial class EngineLog
{
    private const int LongestTail = 64 * 1024;
    private const int LongestLine = 500;

    public static string? LastErrorIn(string logFile)
    {
        try
        {
            using var file = RegularFile.Open(logFile);
            return LastError(Encoding.UTF8.GetString(file.ReadEnd(LongestTail)).Split('\n'));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>moby exits with a plain line (<c>failed to start daemon: …</c>, <c>unable to configure …</c>) or one of level error or fatal.</summary>
    public static string? LastError(IReadOnlyList<string> lines)
    {
        for (var i = lines.Count - 1; i >= 0; i--)
        {
            var line = lines[i].Trim();
            if (line.Contains("msg=\"Daemon has completed initialization\"", StringComparison.Ordinal) || line.Contains("msg=\"Daemon shutdown complete\"", StringComparison.Ordinal))
            {
                return null; // it ran, or was stopped on purpose: older lines are about an earlier start
            }

            if (Leveled().Match(line) is { Success: true } error)
            {
                return Cut(error.Groups["text"].Value.Replace("\\\"", "\"", StringComparison.Ordinal));
            }

            if (line.StartsWith("failed to start daemon", StringComparison.Ordinal) || line.StartsWith("unable to configure", StringComparison.Ordinal)
                || line.StartsWith("invalid ", StringComparison.Ordinal) || line.StartsWith("Status: ", StringComparison.Ordinal))
            {
                return Cut(line);
            }
        }

        return null;
    }

    /// <summary>An engine quotes addresses of daemon.json as they are there.</summary>
    private static string Cut(string line) => MessageSanitizer.Clean(line) is var text && text.Length <= LongestLine ? text : text[..LongestLine] + "…";

    [GeneratedRegex("level=(error|fatal) msg=\"(?<text>(\\\\.|[^\"\\\\])*)\"", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Leveled();
}
