using Portcullis.Core.Components;

namespace Portcullis.Scanning.Packages.Java;

/// <summary>What an archive is in which Maven did not write its coordinates: by its file name, ARTIFACT-VERSION.jar, and its manifest.</summary>
internal static class JarIdentity
{
    private const string Tomcat = "Apache Tomcat";

    /// <summary>The component; null when nothing says a version. One whose group is not known is named by its artifact alone, and no advisory is about it.</summary>
    public static Component? Of(string stem, JarManifest manifest)
    {
        var (artifact, version) = Split(stem, manifest.Version);
        artifact = manifest.Title == Tomcat ? OfTomcat(artifact) : artifact;
        // A distribution may give the file another name than the artifact has, which the title then tells.
        foreach (var (name, of) in (ReadOnlySpan<(string?, string?)>)[(artifact, version ?? manifest.Version), (manifest.Title, manifest.Version ?? version)])
        {
            if (Plain(name) is { } known && of is not null && MavenGroups.Of(known, of) is { } group)
            {
                return Component(group, known, of, manifest);
            }
        }

        return (version ?? manifest.Version) is { } own && Plain(artifact) is { } plain ? Component(GroupOf(plain, manifest), plain, own, manifest) : null;
    }

    /// <summary>The artifact and the version of a file name without its ending; no version when it has none.</summary>
    public static (string Artifact, string? Version) Split(string stem, string? version)
    {
        if (version is not null && stem.Length > version.Length + 1 && stem.EndsWith(version, StringComparison.Ordinal) && stem[^(version.Length + 1)] == '-')
        {
            return (stem[..^(version.Length + 1)], version);
        }

        for (var i = 1; i + 1 < stem.Length; i++)
        {
            if (stem[i] == '-' && char.IsAsciiDigit(stem[i + 1]))
            {
                return (stem[..i], stem[(i + 1)..]);
            }
        }

        return (stem, null);
    }

    // What Maven once wrote into manifests is the group. The name of a bundle is the group and a last part, or both with the artifact at their end.
    private static string? GroupOf(string artifact, JarManifest manifest)
    {
        if (Plain(manifest.VendorId) is { } vendor && vendor.Contains('.', StringComparison.Ordinal))
        {
            return vendor;
        }

        var bundle = Plain(manifest.SymbolicName) ?? "";
        var end = bundle.EndsWith("." + artifact, StringComparison.Ordinal) ? bundle.Length - artifact.Length - 1 : bundle.LastIndexOf('.');
        // org.mockito is a group, and org is none.
        return end > 0 ? bundle.AsSpan(0, end).Contains('.') ? bundle[..end] : bundle : null;
    }

    // In its own distribution tomcat-catalina is called catalina, and in those of Linux tomcat9-catalina.
    private static string OfTomcat(string artifact)
    {
        var rest = artifact.StartsWith("tomcat", StringComparison.Ordinal) ? artifact["tomcat".Length..].TrimStart("0123456789".ToCharArray()) : "-" + artifact;
        return rest.StartsWith('-') ? "tomcat" + rest : artifact;
    }

    private static string? Plain(string? name) => name is { Length: > 0 } && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') ? name : null;

    private static Component Component(string? group, string artifact, string version, JarManifest manifest) => new()
    {
        Format = PackageFormat.Maven,
        Name = group is null ? artifact : $"{group}:{artifact}",
        Version = version,
        License = manifest.License,
    };
}
