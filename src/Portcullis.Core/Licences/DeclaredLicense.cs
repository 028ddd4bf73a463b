namespace Portcullis.Core.Licences;

/// <summary>
/// Licences as packages declare them, as SPDX expressions. Null is one that is not known: nothing is declared, or nothing of it is on SPDX's list. Where only a
/// part is on the list, the other part stays as LicenseRef-, so that it is not taken for free of it.
/// </summary>
public static class DeclaredLicense
{
    private const int LongestName = 200;
    private const int LongestExpression = 4000;

    /// <summary>The field License of an RPM package: an SPDX expression, or one of Fedora's former short names.</summary>
    public static string? OfRpm(string? license) => Read(license, new LooseNaming());

    /// <summary>The field L of an Alpine package: an SPDX expression, or formerly names with spaces between.</summary>
    public static string? OfApk(string? license) => Read(license, new LooseNaming(splitWords: true));

    /// <summary>A field that names one licence or an expression, in whichever words.</summary>
    public static string? OfText(string? license) => Read(license, new LooseNaming());

    /// <summary>Several licences, of which the recipient may choose one.</summary>
    public static string? OneOf(IEnumerable<string?> licenses) =>
        Listed(LicenseExpression.OneOf(licenses.OfType<string>().Select(l => Expression(l, new LooseNaming())).OfType<LicenseExpression>()));

    /// <summary>Several licences that all hold.</summary>
    public static string? AllOf(IEnumerable<string?> licenses) =>
        Listed(LicenseExpression.AllOf(licenses.OfType<string>().Select(l => Expression(l, new LooseNaming())).OfType<LicenseExpression>()));

    internal static LicenseExpression? Expression(string license, ILicenseNaming naming)
    {
        license = license.Trim();
        if (license.Equals("NOASSERTION", StringComparison.OrdinalIgnoreCase) || license.Equals("NONE", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        if (license.Length > LongestExpression || (license.Length > LongestName && license.Contains('\n', StringComparison.Ordinal)))
        {
            return LicensePhrases.Find(license);
        }

        license = LicenseNames.WithSingleSpaces(license);
        return LicenseNames.Expression(license) ?? LicenseReader.Read(LaterVersions.AsPlus(license), naming);
    }

    /// <summary>What is left when nothing of it is listed is not known, unless the publisher wrote it so.</summary>
    internal static string? Listed(LicenseExpression? expression) =>
        expression is not null && expression.Licenses().Any(l => !LicenseExpression.IsUnlisted(l.Id)) ? expression.ToString() : null;

    private static string? Read(string? license, ILicenseNaming naming) => license is null ? null :
        LicenseReader.ReadStrict(license)?.ToString() ?? Listed(Expression(license, naming));
}
