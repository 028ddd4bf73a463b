namespace Portcullis.Core.Licences;

/// <summary>Licences by the address of their text.</summary>
internal static class LicenseUrl
{
    /// <summary>Beginnings of addresses, without scheme and www, after which an identifier or an expression follows.</summary>
    private static readonly string[] ByIdentifier = ["licenses.nuget.org/", "opensource.org/licenses/", "opensource.org/license/", "spdx.org/licenses/"];

    private static readonly (string Start, string Identifier)[] Known =
    [
        ("apache.org/licenses/license-2.0", "Apache-2.0"),
        ("apache.org/licenses/license-1.1", "Apache-1.1"),
        ("gnu.org/licenses/gpl-3.0", "GPL-3.0-only"),
        ("gnu.org/licenses/gpl-2.0", "GPL-2.0-only"),
        ("gnu.org/licenses/old-licenses/gpl-2.0", "GPL-2.0-only"),
        ("gnu.org/licenses/lgpl-3.0", "LGPL-3.0-only"),
        ("gnu.org/licenses/lgpl-2.1", "LGPL-2.1-only"),
        ("gnu.org/licenses/old-licenses/lgpl-2.1", "LGPL-2.1-only"),
        ("gnu.org/licenses/agpl-3.0", "AGPL-3.0-only"),
        ("mozilla.org/mpl/2.0", "MPL-2.0"),
        ("mozilla.org/en-us/mpl/2.0", "MPL-2.0"),
        ("eclipse.org/legal/epl-v10", "EPL-1.0"),
        ("eclipse.org/legal/epl-2.0", "EPL-2.0"),
        ("eclipse.org/legal/epl-v20", "EPL-2.0"),
        ("eclipse.org/org/documents/epl-v10", "EPL-1.0"),
        ("creativecommons.org/publicdomain/zero/1.0", "CC0-1.0"),
        ("unlicense.org", "Unlicense"),
        ("boost.org/license_1_0", "BSL-1.0"),
        ("wtfpl.net", "WTFPL"),
    ];

    /// <summary>An expression; null for an address that says nothing.</summary>
    public static string? Identifier(string url)
    {
        url = url.Trim();
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
        {
            return null;
        }

        var address = url[(scheme + 3)..];
        address = address.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? address[4..] : address;
        foreach (var start in ByIdentifier.Where(s => address.StartsWith(s, StringComparison.OrdinalIgnoreCase)))
        {
            return Expression(address[start.Length..].TrimEnd('/'));
        }

        return Known.FirstOrDefault(k => address.StartsWith(k.Start, StringComparison.OrdinalIgnoreCase)).Identifier;
    }

    private static string? Expression(string path)
    {
        var name = Uri.UnescapeDataString(path).Replace('+', ' ');
        name = name.EndsWith(".html", StringComparison.OrdinalIgnoreCase) ? name[..^5] : name.EndsWith(".php", StringComparison.OrdinalIgnoreCase) ? name[..^4] : name;
        return LicenseExpression.Parse(name)?.ToString() ?? DeclaredLicense.Listed(LicenseNames.Expression(name.Replace("-license", "", StringComparison.OrdinalIgnoreCase)));
    }
}
