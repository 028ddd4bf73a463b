namespace Portcullis.Core.Licences;

/// <summary>The licence of a Python distribution by its core metadata: License-Expression (PEP 639), else the field License, else its classifiers.</summary>
public static class PythonLicense
{
    private const string Prefix = "License ::";

    /// <summary>The expression; null when none is known. A classifier that several licences share (BSD License) says nothing.</summary>
    public static string? Of(string? expression, string? license, IEnumerable<string> classifiers)
    {
        if (expression is not null && LicenseExpression.Parse(expression) is { } parsed)
        {
            return parsed.ToString();
        }

        return DeclaredLicense.OfText(license) ?? LicenseUrl.Identifier(license ?? "") ?? OfClassifiers(classifiers);
    }

    private static string? OfClassifiers(IEnumerable<string> classifiers) => DeclaredLicense.AllOf(classifiers
        .Select(c => c.Trim()).Where(c => c.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)).Select(LastOf).Where(c => c != "OSI Approved"));

    private static string LastOf(string classifier) => classifier[(classifier.LastIndexOf("::", StringComparison.Ordinal) + 2)..].Trim();
}
