using System.Buffers;

namespace Portcullis.Clients.Registry.Wire;

/// <summary>
/// The paths of OCI distribution 1.1. Names and references are the caller's text: what could lead to another path is no name, and no request is
/// made with it.
/// </summary>
internal static class RegistryPaths
{
    private const int LongestName = 255;
    private const int LongestTag = 128;
    private const int FallbackDigits = 64;
    private const string LowerCase = "abcdefghijklmnopqrstuvwxyz0123456789._-";
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create(LowerCase);
    private static readonly SearchValues<char> TagCharacters = SearchValues.Create(LowerCase + "ABCDEFGHIJKLMNOPQRSTUVWXYZ");

    public const string Catalog = "v2/_catalog";

    public static string Manifest(string repository, string reference) => $"v2/{Name(repository)}/manifests/{Reference(reference)}";

    public static string Blob(string repository, string digest) => $"v2/{Name(repository)}/blobs/{Digest(digest)}";

    public static string Uploads(string repository) => $"v2/{Name(repository)}/blobs/uploads/";

    public static string Mount(string repository, string digest, string from) =>
        $"{Uploads(repository)}?mount={Uri.EscapeDataString(Digest(digest))}&from={Uri.EscapeDataString(Name(from))}";

    public static string Tags(string repository) => $"v2/{Name(repository)}/tags/list";

    public static string Referrers(string repository, string digest, string? artifactType) =>
        $"v2/{Name(repository)}/referrers/{Digest(digest)}{(artifactType is null ? "" : $"?artifactType={Uri.EscapeDataString(artifactType)}")}";

    /// <summary>The tag under which registries without a list of referrers keep it (OCI distribution 1.1, referrers tag schema).</summary>
    public static string FallbackTag(string digest)
    {
        var colon = Digest(digest).IndexOf(':', StringComparison.Ordinal);
        return $"{digest[..colon]}-{digest.AsSpan(colon + 1, FallbackDigits)}";
    }

    public static bool IsTag(string text) =>
        text.Length is > 0 and <= LongestTag && text[0] is not ('.' or '-') && text.AsSpan().IndexOfAnyExcept(TagCharacters) < 0;

    private static string Name(string repository) =>
        repository.Length <= LongestName && repository.Split('/').All(IsComponent)
            ? repository
            : throw new RegistryException(RegistryFailure.Invalid, $"'{Shown(repository)}' is no repository's name: lower-case letters and digits in parts divided by '/', with '.', '_' and '-' inside a part");

    private static bool IsComponent(string part) =>
        part.Length > 0 && char.IsAsciiLetterOrDigit(part[0]) && char.IsAsciiLetterOrDigit(part[^1]) && part.AsSpan().IndexOfAnyExcept(NameCharacters) < 0;

    private static string Reference(string reference) =>
        IsTag(reference) || ContentDigest.IsDigest(reference)
            ? reference
            : throw new RegistryException(RegistryFailure.Invalid, $"'{Shown(reference)}' is neither a tag nor a digest");

    private static string Digest(string digest) =>
        ContentDigest.IsDigest(digest) ? digest : throw new RegistryException(RegistryFailure.Invalid, $"'{Shown(digest)}' is no digest: sha256 or sha512 and lower-case hexadecimal digits");

    private static string Shown(string text) => text.Length <= LongestName ? text : text[..LongestName] + "…";
}
