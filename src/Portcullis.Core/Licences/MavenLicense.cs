namespace Portcullis.Core.Licences;

/// <summary>The licence of a Java archive: by the pom.xml that Maven put into it, or by the manifest of a bundle.</summary>
public static class MavenLicense
{
    /// <summary>The expression of the elements license of a pom.xml, each a name and an address; of several the recipient may choose one. Null when none is known.</summary>
    public static string? Of(IEnumerable<(string? Name, string? Url)> licenses) =>
        DeclaredLicense.OneOf(licenses.Select(l => LicenseUrl.Identifier(l.Url ?? "") ?? DeclaredLicense.OfText(l.Name)));

    /// <summary>
    /// The expression of a manifest's Bundle-License (OSGi Core, 3.2.1.3): names, expressions or addresses with commas between, each perhaps with directives
    /// after a semicolon. Null when none is known, as for &lt;&lt;EXTERNAL&gt;&gt;.
    /// </summary>
    public static string? OfBundle(string? licenses) => DeclaredLicense.OneOf((licenses ?? "").Split(',').Select(l => l.Split(';')[0].Trim().Trim('"'))
        .Select(l => LicenseUrl.Identifier(l) ?? DeclaredLicense.OfText(l)));
}
