using System.Text;
using Portcullis.Core.Licences;

namespace Portcullis.Scanning.Packages.Java;

/// <summary>What the main section of an archive's manifest says of what is in it (JAR file specification, "JAR Manifest"; OSGi Core, 3.2.1).</summary>
internal sealed class JarManifest
{
    private const int MostLength = 256;

    private static readonly HashSet<string> Fields = new(StringComparer.OrdinalIgnoreCase)
    {
        "Implementation-Title", "Implementation-Version", "Implementation-Vendor-Id", "Bundle-SymbolicName", "Bundle-Version", "Bundle-License",
    };

    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Of no manifest, or none that says anything.</summary>
    public static JarManifest Empty { get; } = new();

    public string? Title => Value("Implementation-Title");

    /// <summary>That of what is in the archive, else that of the bundle.</summary>
    public string? Version => Value("Implementation-Version") ?? Value("Bundle-Version");

    public string? VendorId => Value("Implementation-Vendor-Id");

    /// <summary>The name of the bundle without its directives.</summary>
    public string? SymbolicName => Value("Bundle-SymbolicName")?.Split(';')[0].Trim();

    /// <summary>An SPDX licence expression; null when none is known.</summary>
    public string? License => MavenLicense.OfBundle(Value("Bundle-License"));

    public static JarManifest Read(ReadOnlySpan<byte> text)
    {
        var manifest = new JarManifest();
        string? last = null;
        foreach (var line in new TextLines(text))
        {
            if (line.IsEmpty)
            {
                break;
            }

            if (line[0] == ' ')
            {
                manifest.Continue(last, line[1..]);
                continue;
            }

            var colon = line.IndexOf((byte)':');
            last = colon is > 0 and < 64 && Encoding.UTF8.GetString(line[..colon]) is var name && Fields.Contains(name) ? name : null;
            if (last is not null)
            {
                manifest._values[last] = Encoding.UTF8.GetString(line[(colon + 1)..].Trim((byte)' '));
            }
        }

        return manifest;
    }

    // A line of a manifest has 72 bytes at most, and goes on in the next, even within a word.
    private void Continue(string? field, ReadOnlySpan<byte> more)
    {
        if (field is not null && _values[field].Length <= MostLength)
        {
            _values[field] += Encoding.UTF8.GetString(more);
        }
    }

    private string? Value(string field) => _values.GetValueOrDefault(field) is { Length: > 0 and <= MostLength } value ? value : null;
}
