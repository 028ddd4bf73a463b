using System.Diagnostics.CodeAnalysis;

namespace Portcullis.Core.Registries;

/// <summary>Tags as the OCI distribution specification allows them ("Pulling manifests").</summary>
public static class TagName
{
    public const string Pattern = "^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$";

    private const int FallbackDigits = 64;

    public static bool IsLegal([NotNullWhen(true)] string? tag) =>
        tag is { Length: > 0 and <= 128 } && (char.IsAsciiLetterOrDigit(tag[0]) || tag[0] == '_') && tag.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');

    /// <summary>
    /// Whether it is the tag under which a registry without the referrers API keeps the list of what refers to a digest (OCI distribution 1.1,
    /// "Referrers Tag Schema"): the algorithm and the first 64 digits. Cosign's tags, which add a suffix, are of the same form.
    /// </summary>
    public static bool IsReferrersFallback(string tag) =>
        tag.Length >= 71
        && (tag.StartsWith("sha256-", StringComparison.Ordinal) || tag.StartsWith("sha512-", StringComparison.Ordinal))
        && tag.Skip(7).Take(64).All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'))
        && (tag.Length == 71 || tag[71] == '.');

    /// <summary>The tag of the list of what refers to a digest.</summary>
    public static string FallbackOf(string digest) => digest.Split(':') is [var algorithm, { Length: >= FallbackDigits } hash] ? $"{algorithm}-{hash[..FallbackDigits]}" : "";

    /// <summary>Whether it is the tag of the list itself, and of no image of cosign's.</summary>
    public static bool IsReferrersList(string tag) => tag.Length == 71 && IsReferrersFallback(tag);
}
