using System.Diagnostics.CodeAnalysis;

namespace Portcullis.Core.Registries;

/// <summary>Names as the OCI distribution specification allows them ("Pulling manifests").</summary>
public static class RepositoryName
{
    /// <summary>The pattern for a CRD's property: an organization and at least one part below it.</summary>
    public const string Pattern = "^[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)+$";

    /// <summary>The longest name; with the registry's host an image name has at most 255 characters.</summary>
    public const int LongestName = 200;

    /// <summary>Whether the text is a repository of one or more parts, each of letters and digits with single separators between them.</summary>
    public static bool IsLegal([NotNullWhen(true)] string? name) =>
        name is { Length: > 0 and <= 255 } && name.Split('/').All(IsPart);

    private static bool IsPart(string part)
    {
        for (var at = 0; at < part.Length;)
        {
            var run = at;
            while (at < part.Length && IsAlphanumeric(part[at]))
            {
                at++;
            }

            if (at == run)
            {
                return false;
            }

            if (at == part.Length)
            {
                return true;
            }

            at = AfterSeparator(part, at);
        }

        return false;
    }

    /// <summary>One dot, one or two underscores, or any number of dashes; something else stays, and then no letter follows.</summary>
    private static int AfterSeparator(string part, int at)
    {
        var end = at;
        while (end < part.Length && part[end] == part[at] && (part[at] == '-' || end - at < (part[at] == '_' ? 2 : part[at] == '.' ? 1 : 0)))
        {
            end++;
        }

        return end;
    }

    private static bool IsAlphanumeric(char c) => c is (>= 'a' and <= 'z') or (>= '0' and <= '9');
}
