namespace Portcullis.Core.Trust.Tuf;

/// <summary>The names of roles (Notary's tuf/data/roles.go).</summary>
public static class RoleNames
{
    public const string Root = "root";
    public const string Targets = "targets";
    public const string Snapshot = "snapshot";
    public const string Timestamp = "timestamp";

    private const int Longest = 255;

    /// <summary>Whether it is a delegation's: <c>targets/</c> and parts of lower-case letters, digits, <c>-</c> and <c>_</c>.</summary>
    public static bool IsDelegation(string name) =>
        name.StartsWith("targets/", StringComparison.Ordinal) && name.Length <= Longest && !name.EndsWith('/') && !name.Contains("//", StringComparison.Ordinal)
        && name.All(c => c is '-' or '_' or '/' || char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));

    /// <summary>Of a delegation, the role that delegates to it.</summary>
    public static string ParentOf(string delegation) => delegation[..delegation.LastIndexOf('/')];

    /// <summary>How many delegations lead to it: none to <c>targets</c>.</summary>
    internal static int Depth(string name) => name.Count(c => c == '/');
}
