using System.Collections.Frozen;

namespace Portcullis.Core.Components;

/// <summary>The package URL of a component, as inventories name it.</summary>
public static class ComponentUrl
{
    /// <summary>The type of package URLs for what has no other (purl specification, "Known purl types").</summary>
    private const string Untyped = "generic";

    private static readonly FrozenDictionary<PackageFormat, string> Types = new Dictionary<PackageFormat, string>
    {
        [PackageFormat.Deb] = "deb",
        [PackageFormat.Apk] = "apk",
        [PackageFormat.Rpm] = "rpm",
        [PackageFormat.Go] = "golang",
        [PackageFormat.Python] = "pypi",
        [PackageFormat.Npm] = "npm",
        [PackageFormat.NuGet] = "nuget",
        [PackageFormat.Maven] = "maven",
        [PackageFormat.Gem] = "gem",
        [PackageFormat.Crate] = "cargo",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, PackageFormat> Formats = Types.ToFrozenDictionary(t => t.Value, t => t.Key, StringComparer.Ordinal);

    /// <summary>The package URL; that of a distribution's package has the distribution as its namespace.</summary>
    public static PackageUrl Of(Component component, Distribution? distribution)
    {
        if (component.Format == PackageFormat.Other)
        {
            return OfOther(component);
        }

        var isPackage = component.Format is PackageFormat.Deb or PackageFormat.Apk or PackageFormat.Rpm;
        var (space, name) = isPackage ? (distribution?.Id ?? "", component.Name) : Split(component);
        var (epoch, version) = component.Format == PackageFormat.Rpm ? Epoch(component.Version) : ("", component.Version);
        var qualifiers = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (isPackage)
        {
            qualifiers.Add("arch", component.Architecture ?? "");
            qualifiers.Add("distro", distribution is null ? "" : distribution.Version.Length == 0 ? distribution.Id : $"{distribution.Id}-{distribution.Version}");
            qualifiers.Add("epoch", epoch);
            qualifiers.Add("upstream", component.SourceName is { } source ? component.SourceVersion is { } of ? $"{source}@{of}" : source : "");
        }

        return PackageUrlNames.Normalize(new PackageUrl
        {
            Type = Types[component.Format],
            Namespace = space,
            Name = name,
            Version = version,
            Qualifiers = [.. qualifiers.Where(q => q.Value.Length > 0)],
        });
    }

    /// <summary>The component of a package URL, with the name as its ecosystem writes it.</summary>
    public static Component Component(PackageUrl url)
    {
        if (!Formats.TryGetValue(url.Type, out var format))
        {
            return Other(url.Namespace.Length == 0 ? $"{url.Type}/{url.Name}" : $"{url.Type}/{url.Namespace}/{url.Name}", url.Version);
        }

        var isPackage = format is PackageFormat.Deb or PackageFormat.Apk or PackageFormat.Rpm;
        var source = url.Qualifier("upstream")?.Split('@', 2) ?? [];
        return new Component
        {
            Format = format,
            Name = isPackage || url.Namespace.Length == 0 ? url.Name : format == PackageFormat.Maven ? $"{url.Namespace}:{url.Name}" : $"{url.Namespace}/{url.Name}",
            Version = url.Version.Length > 0 && url.Qualifier("epoch") is { } epoch && format == PackageFormat.Rpm ? $"{epoch}:{url.Version}" : url.Version,
            Architecture = url.Qualifier("arch"),
            SourceName = isPackage ? source.FirstOrDefault() : null,
            SourceVersion = isPackage ? source.ElementAtOrDefault(1) : null,
        };
    }

    /// <summary>A component that is known by its name alone, of a type that nobody says.</summary>
    public static Component Generic(string name, string version) => Other($"{Untyped}/{name}", version);

    private static Component Other(string name, string version) => new() { Format = PackageFormat.Other, Name = name, Version = version };

    private static PackageUrl OfOther(Component component)
    {
        var (first, last) = (component.Name.IndexOf('/', StringComparison.Ordinal), component.Name.LastIndexOf('/'));
        return PackageUrlNames.Normalize(new PackageUrl
        {
            Type = first > 0 ? component.Name[..first] : Untyped,
            Namespace = last > first ? component.Name[(first + 1)..last] : "",
            Name = component.Name[(last + 1)..],
            Version = component.Version,
        });
    }

    private static (string Namespace, string Name) Split(Component component)
    {
        var at = component.Name.LastIndexOf(component.Format == PackageFormat.Maven ? ':' : '/');
        return at < 0 || component.Format is PackageFormat.Python or PackageFormat.NuGet or PackageFormat.Gem or PackageFormat.Crate
            ? ("", component.Name) : (component.Name[..at].Replace(':', '/'), component.Name[(at + 1)..]);
    }

    private static (string Epoch, string Version) Epoch(string version)
    {
        var colon = version.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && version[..colon].All(char.IsAsciiDigit) ? (version[..colon], version[(colon + 1)..]) : ("", version);
    }
}
