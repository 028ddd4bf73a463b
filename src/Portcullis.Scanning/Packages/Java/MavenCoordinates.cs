using System.Text;

namespace Portcullis.Scanning.Packages.Java;

/// <summary>By what Maven knows an artifact. Each part is null where the file does not say it.</summary>
/// <param name="Group">For example org.apache.commons.</param>
/// <param name="Artifact">For example commons-lang3.</param>
/// <param name="Version">For example 3.12.0.</param>
internal sealed record MavenCoordinates(string? Group, string? Artifact, string? Version)
{
    // Maven has no limit, and a file system has one of 255 bytes for each.
    private const int MostLength = 255;

    /// <summary>A part as a file states it; null for none, one that is too long, and one that only the build knew (${revision}).</summary>
    public static string? Part(string? text) => text?.Trim() is { Length: > 0 and <= MostLength } part && !part.Contains("${", StringComparison.Ordinal) ? part : null;

    /// <summary>Those in a pom.properties, which Maven puts into what it builds: lines of KEY=VALUE (java.util.Properties).</summary>
    public static MavenCoordinates OfProperties(ReadOnlySpan<byte> text)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in new TextLines(text))
        {
            var separator = line.IndexOfAny((byte)'=', (byte)':');
            if (separator is > 0 and < 64 && Encoding.Latin1.GetString(line[..separator].Trim((byte)' ')) is "groupId" or "artifactId" or "version")
            {
                values[Encoding.Latin1.GetString(line[..separator].Trim((byte)' '))] = Encoding.Latin1.GetString(line[(separator + 1)..]).Replace("\\", "", StringComparison.Ordinal);
            }
        }

        return new(Part(values.GetValueOrDefault("groupId")), Part(values.GetValueOrDefault("artifactId")), Part(values.GetValueOrDefault("version")));
    }

    /// <summary>These, and what others say where these say nothing.</summary>
    public MavenCoordinates Or(MavenCoordinates? others) => new(Group ?? others?.Group, Artifact ?? others?.Artifact, Version ?? others?.Version);
}
