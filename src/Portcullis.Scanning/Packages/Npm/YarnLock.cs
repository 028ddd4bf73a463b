using System.Text;
using Portcullis.Core.Components;
using Portcullis.Scanning.Files;

namespace Portcullis.Scanning.Packages.Npm;

/// <summary>A yarn.lock: of version 1, or of Yarn 2 and later, which write YAML of the same shape.</summary>
internal sealed class YarnLock : IPackageReader
{
    public bool NamesComponents => true;

    public bool Reads(ReadOnlySpan<char> path) =>
        (path is "yarn.lock" || path.EndsWith("/yarn.lock", StringComparison.Ordinal)) && !path.Contains("node_modules/", StringComparison.Ordinal);

    public IReadOnlyList<Component> Read(PackageSource source)
    {
        var components = new ComponentList(source);
        string? name = null;
        foreach (var bytes in new TextLines(source.Content.Span))
        {
            var line = Encoding.UTF8.GetString(bytes);
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (line[0] != ' ')
            {
                name = line.EndsWith(':') ? NameOf(line[..^1]) : throw new UnreadableFileException("it is no yarn.lock");
            }
            else if (name is not null && ValueOf(line, "  version") is { } version)
            {
                components.Add(NpmNames.Component(name, version));
                name = null;
            }
        }

        return components.Distinct();
    }

    // "NAME@RANGE", "NAME@npm:RANGE", or an alias "OTHER@npm:NAME@RANGE"; several with commas are one package. Those of the workspace itself have no release.
    private static string? NameOf(string key)
    {
        var (name, range) = NpmNames.Split(key.Split(", ")[0].Trim('"'));
        if (name == "__metadata" || range.StartsWith("workspace:", StringComparison.Ordinal))
        {
            return null;
        }

        return range.StartsWith("npm:", StringComparison.Ordinal) && NpmNames.Split(range[4..]) is ({ Length: > 0 } real, { Length: > 0 }) ? real : name;
    }

    private static string? ValueOf(string line, string property) => line.StartsWith(property, StringComparison.Ordinal) && line.Length > property.Length && line[property.Length] is ' ' or ':'
        ? line[property.Length..].Trim(' ', ':', '"')
        : null;
}
