namespace Portcullis.Core.Components;

/// <summary>What the types of package URLs say of the case of their names (purl specification, "Known purl types").</summary>
internal static class PackageUrlNames
{
    public static PackageUrl Normalize(PackageUrl url) => url.Type switch
    {
        "pypi" => url with { Name = url.Name.Replace('_', '-').ToLowerInvariant() },
        "deb" or "apk" or "apkg" or "golang" or "github" or "bitbucket" or "npm" or "composer" or "hex" => url with { Namespace = url.Namespace.ToLowerInvariant(), Name = url.Name.ToLowerInvariant() },
        "rpm" => url with { Namespace = url.Namespace.ToLowerInvariant() },
        "oci" => url with { Name = url.Name.ToLowerInvariant() },
        _ => url,
    };
}
