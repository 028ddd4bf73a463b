using System.Text;
using Portcullis.Core.Components;

namespace Portcullis.Scanning.Packages;

/// <summary>Reads os-release(5): assignments as of a shell, with or without quotes.</summary>
internal static class OsRelease
{
    /// <summary>Where it is; the first goes before the second.</summary>
    public static IReadOnlyList<string> Paths { get; } = ["etc/os-release", "usr/lib/os-release"];

    private static readonly string[] Keys = ["ID", "ID_LIKE", "VERSION_ID", "PRETTY_NAME"];

    /// <summary>The distribution; null when the file does not name one.</summary>
    public static Distribution? Read(ReadOnlySpan<byte> content)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in new TextLines(content))
        {
            if (line.IndexOf((byte)'=') is > 0 and var equals && line[0] != '#' && KeyOf(line[..equals].Trim((byte)' ')) is { } key)
            {
                values[key] = Unquoted(Encoding.UTF8.GetString(line[(equals + 1)..]).Trim());
            }
        }

        return values.GetValueOrDefault("ID") is { Length: > 0 } id
            ? new(id, values.GetValueOrDefault("VERSION_ID", ""))
            {
                Like = values.GetValueOrDefault("ID_LIKE", "").Split(' ', StringSplitOptions.RemoveEmptyEntries),
                Title = values.GetValueOrDefault("PRETTY_NAME", ""),
            }
            : null;
    }

    /// <summary>Null for what is of no use here.</summary>
    private static string? KeyOf(ReadOnlySpan<byte> name)
    {
        foreach (var key in Keys)
        {
            if (Ascii.Equals(name, key))
            {
                return key;
            }
        }

        return null;
    }

    private static string Unquoted(string value)
    {
        if (value is ['\'', .. var single, '\''])
        {
            return single;
        }

        if (value is not ['"', .. var quoted, '"'])
        {
            return value;
        }

        var plain = new StringBuilder();
        for (var i = 0; i < quoted.Length; i++)
        {
            i += quoted[i] == '\\' && i + 1 < quoted.Length ? 1 : 0;
            plain.Append(quoted[i]);
        }

        return plain.ToString();
    }
}
