using System.Text;
using Portcullis.Core.Components;
using Portcullis.Core.Licences;
using Portcullis.Scanning.Files;

namespace Portcullis.Scanning.Packages.Gem;

/// <summary>
/// The specification of an installed gem, specifications/NAME-VERSION.gemspec or that of one that Ruby brings, specifications/default/NAME-VERSION.gemspec. It is Ruby code that
/// RubyGems wrote (Gem::Specification#to_ruby): a line `# stub: NAME VERSION PLATFORM PATHS`, which is all that RubyGems itself reads of most, and assignments of literals.
/// </summary>
internal sealed class GemSpecification : IPackageReader
{
    private const string Folder = "specifications";
    private const int MostLicenses = 16;

    public bool NamesComponents => true;

    public bool Reads(ReadOnlySpan<char> path)
    {
        if (!path.EndsWith(".gemspec", StringComparison.Ordinal))
        {
            return false;
        }

        var folder = path[..Math.Max(path.LastIndexOf('/'), 0)];
        folder = folder.EndsWith("/default", StringComparison.Ordinal) ? folder[..^"/default".Length] : folder;
        return folder.EndsWith(Folder, StringComparison.Ordinal) && (folder.Length == Folder.Length || folder[^(Folder.Length + 1)] == '/');
    }

    public IReadOnlyList<Component> Read(PackageSource source)
    {
        string? name = null;
        string? version = null;
        IReadOnlyList<string> licenses = [];
        foreach (var line in new TextLines(source.Content.Span))
        {
            if (name is null && line.StartsWith("# stub: "u8) && Encoding.UTF8.GetString(line[8..]).Split(' ') is [{ Length: > 0 } stub, { Length: > 0 } of, ..])
            {
                (name, version) = (stub, of);
            }

            switch (Assigned(line, out var value))
            {
                case "name":
                    name ??= Literals(value, 1).FirstOrDefault();
                    break;
                case "version":
                    version ??= Literals(value, 1).FirstOrDefault();
                    break;
                case "license" or "licenses":
                    licenses = Literals(value, MostLicenses);
                    break;
            }
        }

        return name is { Length: > 0 } && version is { Length: > 0 }
            ? [new() { Format = PackageFormat.Gem, Name = name, Version = version, License = DeclaredLicense.OneOf(licenses) }]
            : throw new UnreadableFileException("it does not name a gem and its version");
    }

    /// <summary>What a line assigns, `s.NAME = VALUE`; null when it assigns nothing that is asked for.</summary>
    private static string? Assigned(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> value)
    {
        var text = line.TrimStart(" \t"u8);
        var dot = text.IndexOf((byte)'.');
        var equals = text.IndexOf((byte)'=');
        value = equals < 0 ? [] : text[(equals + 1)..];
        if (dot is < 1 or > 64 || equals < dot)
        {
            return null;
        }

        var field = text[(dot + 1)..equals].Trim((byte)' ');
        return field.SequenceEqual("name"u8) ? "name"
            : field.SequenceEqual("version"u8) ? "version"
            : field.SequenceEqual("licenses"u8) || field.SequenceEqual("license"u8) ? "licenses"
            : null;
    }

    /// <summary>The string literals of a value, the first of them: in quotes, or as RubyGems wrote them before version 2, %q{...}.</summary>
    private static List<string> Literals(ReadOnlySpan<byte> value, int most)
    {
        var literals = new List<string>();
        while (literals.Count < most && value.IndexOfAny("\"'{"u8) is >= 0 and var begin)
        {
            var length = value[(begin + 1)..].IndexOf(value[begin] == '{' ? (byte)'}' : value[begin]);
            if (length < 0)
            {
                break;
            }

            literals.Add(Encoding.UTF8.GetString(value.Slice(begin + 1, length)));
            value = value[(begin + length + 2)..];
        }

        return literals;
    }
}
