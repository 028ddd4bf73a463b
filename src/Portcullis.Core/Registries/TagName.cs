using System.Diagnostics.CodeAnalysis;

namespace Portcullis.Core.Registries;

/// <summary>Tags as the OCI distribution specification allows them ("Pulling manifests").</summary>
public static class TagName
{
    public const string Pattern = "^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$";

    public static bool IsLegal([NotNullWhen(true)] string? tag) =>
        tag is { Length: > 0 and <= 128 } && (char.IsAsciiLetterOrDigit(tag[0]) || tag[0] == '_') && tag.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');

    /// <summary>
    /// Whether it is the tag under which a registry without the referrers API keeps the list of what refers to a digest (OCI distribution 1.1,
    /// "Referrers Tag Schema"); cosign's tags, which add a suffix, are of the same form.
    /// </summary>
    public static bool IsReferrersFallback(string tag) =>
        tag.Length >= 71 && tag.StartsWith("sha256-", StringComparison.Ordinal) && tag.AsSpan(7, 64).IndexOfAnyExceptInRange('0', 'f') < 0
        && tag.Skip(7).Take(64).All(c => c is (>= '0' and <= '9') or (>= 'a' and <= 'f'))
        && (tag.Length == 71 || tag[71] == '.');
}
