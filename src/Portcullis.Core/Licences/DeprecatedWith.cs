namespace Portcullis.Core.Licences;

/// <summary>The identifiers of former versions of SPDX's list that are a licence with an exception, as GPL-2.0-with-classpath-exception.</summary>
internal static class DeprecatedWith
{
    private const string Word = "-with-";

    public static LicenseExpression? Of(string name)
    {
        var at = name.IndexOf(Word, StringComparison.OrdinalIgnoreCase);
        if (at < 0 || SpdxLicenses.Canonical(name[..at]) is not { } license)
        {
            return null;
        }

        return LicenseExceptions.Of(name[(at + Word.Length)..], license) is { } exception
            ? new LicenseExpression.With(new LicenseExpression.Single(license), exception) : null;
    }
}
