using System.Buffers;
using System.Text;
using Portcullis.Core.Components;

namespace Portcullis.Core.Vulnerabilities.Advisories;

/// <summary>The names of ecosystems and packages in OSV, and which of them a component of ours goes by.</summary>
public static class OsvEcosystem
{
    private static readonly Dictionary<string, PackageFormat> Languages = new(StringComparer.Ordinal)
    {
        ["Go"] = PackageFormat.Go,
        ["PyPI"] = PackageFormat.Python,
        ["npm"] = PackageFormat.Npm,
        ["NuGet"] = PackageFormat.NuGet,
        ["Maven"] = PackageFormat.Maven,
        ["RubyGems"] = PackageFormat.Gem,
        ["crates.io"] = PackageFormat.Crate,
    };

    private static readonly SearchValues<char> PlainPython = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");

    private static readonly Dictionary<PackageFormat, string> LanguageOf = Languages.ToDictionary(l => l.Value, l => l.Key);

    /// <summary>
    /// The ecosystem as it is looked up, of what an advisory writes: one release has one name, whatever support or repository it is of. Null when there is no
    /// component of ours that it could be about.
    /// </summary>
    public static string? Canonical(string written)
    {
        var colon = written.IndexOf(':', StringComparison.Ordinal);
        var name = colon < 0 ? written : written[..colon];
        if (Languages.ContainsKey(name))
        {
            return name;
        }

        if (DistributionEcosystem.All.FirstOrDefault(d => d.Name == name) is not { } distribution)
        {
            return null;
        }

        var release = colon < 0 ? "" : distribution.ReleaseIn(written[(colon + 1)..]);
        return release is null ? null : release.Length == 0 ? name : $"{name}:{release}";
    }

    /// <summary>How the packages of a canonical ecosystem are packaged, which decides the order of its versions.</summary>
    public static PackageFormat FormatOf(string canonical)
    {
        var name = canonical.Split(':')[0];
        return Languages.TryGetValue(name, out var format) ? format : DistributionEcosystem.All.First(d => d.Name == name).Format;
    }

    public static bool IsOfDistribution(PackageFormat format) => format is PackageFormat.Deb or PackageFormat.Apk or PackageFormat.Rpm;

    /// <summary>
    /// Whether components of a format, in an image of a distribution, go by the advisories of a canonical ecosystem. Those of a release that os-release does not tell,
    /// and those of a distribution that only derives from a known one, go by the advisories of all its releases.
    /// </summary>
    public static bool IsFor(string canonical, PackageFormat format, Distribution? distribution)
    {
        if (!IsOfDistribution(format))
        {
            return LanguageOf.GetValueOrDefault(format) == canonical;
        }

        if (distribution is null || Known(distribution, out var derived) is not { } known || known.Format != format)
        {
            return false;
        }

        var release = derived ? "" : known.ReleaseOf(distribution.Version);
        return canonical == known.Name || (release.Length == 0
            ? canonical.StartsWith(known.Name + ":", StringComparison.Ordinal)
            : canonical == $"{known.Name}:{release}");
    }

    /// <summary>The name of a package as it is looked up.</summary>
    public static string CanonicalName(PackageFormat format, string name) => format switch
    {
        PackageFormat.Python => PythonName(name),
        PackageFormat.NuGet => name.ToLowerInvariant(),
        PackageFormat.Crate => name.ToLowerInvariant().Replace('_', '-'),
        _ => name,
    };

    /// <summary>
    /// The names and versions by which a component is looked up: Debian's and Ubuntu's advisories name source packages; Alpine's and those of the
    /// distributions with RPM packages name either.
    /// </summary>
    public static IReadOnlyList<(string Name, string Version)> LookUpsOf(Component component)
    {
        if (!IsOfDistribution(component.Format))
        {
            return [(CanonicalName(component.Format, component.Name), component.Version)];
        }

        var source = (Name: component.SourceName ?? component.Name, Version: component.SourceVersion ?? component.Version);
        return component.Format == PackageFormat.Deb || source.Name == component.Name ? [source] : [source, (component.Name, component.Version)];
    }

    /// <summary>The distribution's entry; one of those that it is like when it has none of its own.</summary>
    private static DistributionEcosystem? Known(Distribution distribution, out bool derived)
    {
        derived = false;
        if (DistributionEcosystem.All.FirstOrDefault(d => d.Ids.Contains(distribution.Id)) is { } own)
        {
            return own;
        }

        derived = true;
        return distribution.Like.Select(l => DistributionEcosystem.All.FirstOrDefault(d => d.Ids.Contains(l))).FirstOrDefault(d => d is not null);
    }

    /// <summary>PEP 503, "Normalized Names": runs of '-', '_' and '.' are one '-', and case does not count.</summary>
    private static string PythonName(string name)
    {
        if (!name.AsSpan().ContainsAnyExcept(PlainPython))
        {
            return name;
        }

        var text = new StringBuilder(name.Length);
        var separator = false;
        foreach (var c in name)
        {
            if (c is '-' or '_' or '.')
            {
                separator = true;
                continue;
            }

            if (separator)
            {
                text.Append('-');
                separator = false;
            }

            text.Append(char.ToLowerInvariant(c));
        }

        return separator ? text.Append('-').ToString() : text.ToString();
    }
}
