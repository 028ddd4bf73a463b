namespace Portcullis.Core.Licences;

/// <summary>The licence of an npm package (package.json, "license"); formerly an object or a list of them, of which one may be chosen.</summary>
public static class NpmLicense
{
    /// <summary>The expression of what the field says, or the type of each object in it; null when none is known, as for UNLICENSED and SEE LICENSE IN a file.</summary>
    public static string? Of(IEnumerable<string> licenses) =>
        licenses.Where(l => !IsNone(l)).ToList() is [var one] ? DeclaredLicense.OfText(one) : DeclaredLicense.OneOf(licenses.Where(l => !IsNone(l)));

    private static bool IsNone(string license) => license.Trim().Equals("UNLICENSED", StringComparison.OrdinalIgnoreCase)
        || license.TrimStart().StartsWith("SEE LICEN", StringComparison.OrdinalIgnoreCase);
}
