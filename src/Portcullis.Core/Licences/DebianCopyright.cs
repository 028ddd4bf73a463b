using System.Text.RegularExpressions;

namespace Portcullis.Core.Licences;

/// <summary>
/// The licences of a Debian package by its copyright file: the fields License of the machine-readable format (copyright-format 1.0), else what its lines, its references
/// to /usr/share/common-licenses and the sentences of its text say. All of them hold together, those of the files of the packaging too.
/// </summary>
public static partial class DebianCopyright
{
    private const int LongestName = 120;

    [GeneratedRegex(@"^[ \t]*Licen[sc]e:[ \t]*(?<name>\S.*)$", RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex LicenseLine { get; }

    /// <summary>The expression; null when no licence of SPDX's list is found.</summary>
    public static string? License(string text)
    {
        var found = IsMachineReadable(text) ? LicensesOf(DebianParagraphs.Of(text)) : [.. LinesOf(text), .. CommonLicenses.In(text), .. LicensePhrases.All(text)];
        return DeclaredLicense.Listed(LicenseExpression.AllOf(found));
    }

    private static bool IsMachineReadable(string text) => text.Split('\n', 50).Any(l =>
        l.StartsWith("Format:", StringComparison.OrdinalIgnoreCase) || l.StartsWith("Format-Specification:", StringComparison.OrdinalIgnoreCase));

    /// <summary>Those of the files and of the header; the paragraphs that only give the text of a licence count where there are no others.</summary>
    private static List<LicenseExpression> LicensesOf(IReadOnlyList<DebianParagraph> paragraphs)
    {
        var texts = paragraphs.Where(p => p.IsText).GroupBy(p => p.Name, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(g => g.Key, g => g.First().Text, StringComparer.OrdinalIgnoreCase);
        var files = paragraphs.Where(p => !p.IsText && p.HasLicense).Select(p => Of(p, texts)).OfType<LicenseExpression>().ToList();
        return files.Count > 0 ? files : [.. paragraphs.Select(p => Of(p, texts)).OfType<LicenseExpression>()];
    }

    private static LicenseExpression? Of(DebianParagraph paragraph, Dictionary<string, string> texts)
    {
        var named = paragraph.Name.Length > LongestName ? null : DeclaredLicense.Expression(paragraph.Name, new LooseNaming());
        if (named is not null && !IsUnlisted(named))
        {
            return named;
        }

        var text = paragraph.Text.Length > 0 ? paragraph.Text : texts.GetValueOrDefault(paragraph.Name, paragraph.Name);
        return LicenseExpression.AllOf([.. CommonLicenses.In(text), .. LicensePhrases.All(text)]) ?? named;
    }

    private static bool IsUnlisted(LicenseExpression expression) => expression is LicenseExpression.Single single && LicenseExpression.IsUnlisted(single.Id);

    private static IEnumerable<LicenseExpression> LinesOf(string text) => LicenseLine.Matches(text).Select(m => m.Groups["name"].Value)
        .Where(n => n.Length <= LongestName).Select(n => DeclaredLicense.Expression(n, new LooseNaming())).OfType<LicenseExpression>()
        .Where(e => e.Licenses().All(l => !LicenseExpression.IsUnlisted(l.Id)));
}
