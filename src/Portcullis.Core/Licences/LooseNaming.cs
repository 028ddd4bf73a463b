using System.Text;

namespace Portcullis.Core.Licences;

/// <summary>Names as people write them: one that is not known stands as a licence that is not on SPDX's list.</summary>
/// <param name="splitWords">Whether several words that are no name together are several licences.</param>
internal sealed class LooseNaming(bool splitWords = false) : ILicenseNaming
{
    private const int MostLength = 64;

    public bool AllowsCommas => true;

    public LicenseExpression? License(string name) =>
        LicenseNames.Expression(name) ?? Parts(name, '/', LicenseExpression.OneOf) ?? (splitWords ? Parts(name, ' ', LicenseExpression.AllOf) : null) ?? Unlisted(name);

    /// <summary>An exception only gives more, so one that is not known is left out.</summary>
    public LicenseExpression? With(LicenseExpression license, string exception) =>
        license is LicenseExpression.Single plain && LicenseExceptions.Of(exception, plain.Id) is { } known ? new LicenseExpression.With(plain, known) : license;

    private static LicenseExpression? Parts(string name, char separator, Func<IEnumerable<LicenseExpression>, LicenseExpression?> join)
    {
        var parts = name.Split(separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var known = parts.Select(p => LicenseNames.Expression(p) ?? (separator == ' ' ? Unlisted(p) : null)).ToList();
        return parts.Length < 2 || known.Contains(null) ? null : join(known.OfType<LicenseExpression>());
    }

    private static LicenseExpression.Single? Unlisted(string name)
    {
        var text = new StringBuilder();
        foreach (var character in name)
        {
            text.Append(char.IsAsciiLetterOrDigit(character) || character == '.' ? character : '-');
        }

        var reference = text.ToString().Trim('-');
        return reference.Length is 0 or > MostLength ? null : new LicenseExpression.Single(LicenseExpression.UnlistedPrefix + reference);
    }
}
