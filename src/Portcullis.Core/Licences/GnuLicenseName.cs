using System.Text.RegularExpressions;

namespace Portcullis.Core.Licences;

/// <summary>
/// Names of the GNU licences, in which the version and whether a later one is allowed are written in many ways: GPLv2+, LGPL-2.1, GNU General Public License v2 or later
/// (GPLv2+). Without a version any may be chosen, as the licences themselves say.
/// </summary>
internal static partial class GnuLicenseName
{
    private const int MostLength = 200;

    [GeneratedRegex(
        @"^(the\s+)?(gnu[\s-]+)?(?<family>agpl|lgpl|gpl|gfdl|affero\s+(general\s+public|gpl)|(library\s+or\s+)?(lesser|library)\s+(general\s+public|gpl)|general\s+public|free\s+documentation)"
        + @"(\s+licen[sc]e)?(?<invariants>-niv)?(\s*\([al]?gpl\))?[\s,_-]*\(?(version|ver\.?|v\.?)?\s*(?<atleast>>=)?\s*(?<version>\d+(\.\d+)*)?\)?"
        + @"[\s,_-]*((?<later>\+|or[\s-]+(\(at\s+your\s+option\)\s+)?(any\s+)?(later|newer|greater)(\s+version)?)|only)?(\s*\([al]?gpl[^)]*\))?$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern { get; }

    /// <summary>The identifier; null for other names, and for versions that there are not.</summary>
    public static string? Identifier(string name)
    {
        var match = name.Length > MostLength ? Match.Empty : Pattern.Match(name);
        if (!match.Success)
        {
            return null;
        }

        var family = FamilyOf(match.Groups["family"].Value.ToLowerInvariant());
        var version = match.Groups["version"].Value;
        var isOrLater = match.Groups["later"].Success || match.Groups["atleast"].Success || version.Length == 0;
        return Identifier(family, version, isOrLater, match.Groups["invariants"].Success);
    }

    /// <summary>The identifier of a licence of GNU by its parts; the version may be empty.</summary>
    public static string? Identifier(string family, string version, bool isOrLater, bool hasNoInvariants = false)
    {
        version = version.Length == 0 ? FirstVersionOf(family) : version.Contains('.', StringComparison.Ordinal) ? version : version + ".0";
        return SpdxLicenses.Canonical($"{family}-{version}{(hasNoInvariants ? "-no-invariants" : "")}{(isOrLater ? "-or-later" : "-only")}");
    }

    private static string FamilyOf(string name) => name switch
    {
        _ when name.StartsWith('a') => "AGPL",
        _ when name.StartsWith('l') => "LGPL",
        "gfdl" => "GFDL",
        _ when name.StartsWith('f') => "GFDL",
        _ => "GPL",
    };

    private static string FirstVersionOf(string family) => family switch
    {
        "LGPL" => "2.0",
        "GFDL" => "1.1",
        _ => "1.0",
    };
}
