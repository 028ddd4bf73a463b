using System.Text;
using Portcullis.Core.Components;
using Portcullis.Scanning.Files;

namespace Portcullis.Scanning.Packages.Npm;

/// <summary>
/// A pnpm-lock.yaml. Only the keys of its section packages are needed, which are /NAME/VERSION up to version 5, /NAME@VERSION in 6, NAME@VERSION from 9 on,
/// each with what it was resolved with behind `_` or in parentheses.
/// </summary>
internal sealed class PnpmLock : IPackageReader
{
    public bool NamesComponents => true;

    public bool Reads(ReadOnlySpan<char> path) =>
        (path is "pnpm-lock.yaml" || path.EndsWith("/pnpm-lock.yaml", StringComparison.Ordinal)) && !path.Contains("node_modules/", StringComparison.Ordinal);

    public IReadOnlyList<Component> Read(PackageSource source)
    {
        var components = new ComponentList(source);
        var (inPackages, isLock, begun) = (false, false, false);
        foreach (var bytes in new TextLines(source.Content.Span))
        {
            var line = Encoding.UTF8.GetString(bytes).TrimEnd();
            if (line.Length > 0 && line[0] is not (' ' or '#'))
            {
                inPackages = line == "packages:";
                isLock |= line.StartsWith("lockfileVersion:", StringComparison.Ordinal);
            }
            else if (inPackages && !begun && line.StartsWith("   ", StringComparison.Ordinal))
            {
                throw new UnreadableFileException("its packages are not indented as pnpm does it");
            }
            else if (inPackages && line.Length > 3 && line.StartsWith("  ", StringComparison.Ordinal) && line[2] is not (' ' or '#'))
            {
                begun = true;
                AddKey(line.TrimStart()[..^(line.EndsWith(':') ? 1 : 0)], components);
            }
            else if (inPackages && line == "    dev: true")
            {
                components.RemoveLast();
            }
        }

        return isLock ? components.Distinct() : throw new UnreadableFileException("it is no pnpm-lock.yaml: it has no lockfileVersion");
    }

    private static void AddKey(string text, ComponentList components)
    {
        var key = text.Trim('\'', '"');
        var begin = key.StartsWith('/') ? 1 : 0;
        key = key[begin..(key.IndexOf('(', StringComparison.Ordinal) is > 0 and var open ? open : key.Length)];
        var (name, version) = NpmNames.Split(key);
        if (version.Length == 0 || name.Count(c => c == '/') > (name.StartsWith('@') ? 1 : 0))
        {
            var slash = key.LastIndexOf('/');
            (name, version) = slash > 0 ? (key[..slash], key[(slash + 1)..]) : (key, "");
        }

        components.Add(NpmNames.Component(name, NpmNames.Version(version.Split('_')[0])));
    }
}
