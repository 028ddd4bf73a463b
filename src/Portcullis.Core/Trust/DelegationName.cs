using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Portcullis.Core.Trust;

/// <summary>Names of delegated roles as Notary allows them: <c>targets/</c> and at least one part below it.</summary>
public static partial class DelegationName
{
    /// <summary>The role that delegates to all others.</summary>
    public const string Top = "targets";

    /// <summary>The pattern for a CRD's property.</summary>
    public const string Pattern = "^targets(/[-a-z0-9_]+)+$";

    /// <summary>The most characters that Notary allows.</summary>
    public const int Longest = 255;

    /// <summary>Parts below <c>targets</c>; deeper roles are not read.</summary>
    public const int Deepest = 31;

    public static bool IsLegal([NotNullWhen(true)] string? name) =>
        name is { Length: <= Longest } && Legal().IsMatch(name) && name.Count(c => c == '/') <= Deepest;

    /// <summary>The role in whose metadata a delegation is listed.</summary>
    public static string ParentOf(string name) => name[..name.LastIndexOf('/')];

    [GeneratedRegex(Pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Legal();
}
