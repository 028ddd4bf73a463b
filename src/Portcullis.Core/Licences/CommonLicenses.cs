using System.Text.RegularExpressions;

namespace Portcullis.Core.Licences;

/// <summary>References to the texts that every Debian system has in /usr/share/common-licenses.</summary>
internal static partial class CommonLicenses
{
    [GeneratedRegex(@"/usr/share/common-licenses/(?<name>[A-Za-z0-9.+-]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Reference { get; }

    [GeneratedRegex(@"any\s+later\s+version|or\s+later", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Later { get; }

    /// <summary>
    /// The licences that a text refers to. One of GNU without a version (a link to the latest) counts where the text itself names none of that family; whether later
    /// ones are allowed, the text says.
    /// </summary>
    public static IEnumerable<LicenseExpression> In(string text)
    {
        var isOrLater = Later.IsMatch(text);
        var named = LicensePhrases.All(text).Select(e => e.ToString()).ToList();
        return Reference.Matches(text).Select(m => m.Groups["name"].Value.TrimEnd('.', '-'))
            .Select(n => Identifier(n, isOrLater, named)).OfType<string>().Select(i => new LicenseExpression.Single(i));
    }

    private static string? Identifier(string name, bool isOrLater, List<string> named) => name switch
    {
        "BSD" => "BSD-3-Clause",
        "Artistic" => "Artistic-1.0-Perl",
        "GPL" or "LGPL" or "GFDL" => named.Exists(n => n.StartsWith(name, StringComparison.Ordinal)) ? null : GnuLicenseName.Identifier(name, "", isOrLater: true),
        _ when name.Split('-', 2) is [("GPL" or "LGPL" or "GFDL") and var family, var version] => GnuVersion(family, version, isOrLater, named),
        _ => SpdxLicenses.Canonical(name),
    };

    /// <summary>Nothing more where the text names this version with its own words.</summary>
    private static string? GnuVersion(string family, string version, bool isOrLater, List<string> named) =>
        GnuLicenseName.Identifier(family, version, isOrLater) is { } identifier && !named.Exists(n => n.StartsWith(identifier[..identifier.LastIndexOf("-o", StringComparison.Ordinal)], StringComparison.Ordinal))
            ? identifier : null;
}
