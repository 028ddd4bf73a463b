using System.Text.Json;

namespace Portcullis.Core.Hardening;

/// <summary>What is at the path of daemon.json: only a regular JSON file is ever edited.</summary>
public abstract record DaemonFile
{
    private DaemonFile()
    {
    }

    public sealed record Json(DaemonJson Content) : DaemonFile;

    /// <summary>No file, or an empty one.</summary>
    public sealed record Missing : DaemonFile;

    /// <summary>Bytes that an engine cannot read; <paramref name="Problem"/> completes "daemon.json …".</summary>
    public sealed record Broken(string Problem) : DaemonFile;

    /// <summary>A symbolic link, a folder, a file that cannot be opened: it cannot be replaced safely.</summary>
    public sealed record Untouchable(string Problem) : DaemonFile;

    /// <summary>Reads the bytes of a file.</summary>
    public static DaemonFile Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Trim(" \t\r\n"u8).IsEmpty)
        {
            return new Missing();
        }

        if (bytes.StartsWith("\uFEFF"u8) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
        {
            return new Broken("begins with a byte order mark, which engines before 23.0 cannot read: save it as UTF-8 without one");
        }

        try
        {
            return new Json(DaemonJson.Parse(bytes));
        }
        catch (JsonException e)
        {
            return new Broken(e.LineNumber is { } line ? $"is not JSON (line {line + 1})" : e.Message.Replace("it is", "is", StringComparison.Ordinal));
        }
    }
}
