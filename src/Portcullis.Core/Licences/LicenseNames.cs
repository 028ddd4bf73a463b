using System.Collections.Frozen;

namespace Portcullis.Core.Licences;

/// <summary>Names of licences as people and package managers write them.</summary>
internal static class LicenseNames
{
    private static readonly (string Name, string Identifier)[] Aliases =
    [
        ("Expat", "MIT"), ("MIT/X11", "MIT"), ("X11/MIT", "MIT"), ("MIT/Expat", "MIT"), ("Expat/MIT", "MIT"), ("MIT/X", "MIT"),
        ("ISC License (ISCL)", "ISC"), ("ISCL", "ISC"),
        ("ASL 2.0", "Apache-2.0"), ("ASL 1.1", "Apache-1.1"), ("ASL 1.0", "Apache-1.0"), ("Apache Software 2.0", "Apache-2.0"), ("Apache Software 1.1", "Apache-1.1"),
        ("AL2", "Apache-2.0"), ("Apache2.0", "Apache-2.0"),
        ("New BSD", "BSD-3-Clause"), ("Modified BSD", "BSD-3-Clause"), ("Revised BSD", "BSD-3-Clause"), ("BSD-3", "BSD-3-Clause"), ("3-Clause BSD", "BSD-3-Clause"),
        ("3-Clause", "BSD-3-Clause"), ("BSD (3-clause)", "BSD-3-Clause"), ("BSD New", "BSD-3-Clause"), ("BSD 3 clauses", "BSD-3-Clause"), ("Three clause BSD", "BSD-3-Clause"),
        ("BSD-3-Clause (New)", "BSD-3-Clause"), ("New BSD (BSD-3-Clause)", "BSD-3-Clause"), ("BSD 3-Clause New or Revised", "BSD-3-Clause"),
        ("Simplified BSD", "BSD-2-Clause"), ("FreeBSD", "BSD-2-Clause"), ("BSD-2", "BSD-2-Clause"), ("2-Clause BSD", "BSD-2-Clause"), ("BSD with advertising", "BSD-4-Clause"),
        ("BSD-4", "BSD-4-Clause"), ("4-Clause BSD", "BSD-4-Clause"), ("Original BSD", "BSD-4-Clause"), ("BSD-1", "BSD-1-Clause"), ("BSD Zero Clause", "0BSD"), ("Zero-Clause BSD", "0BSD"), ("BSD-0-Clause", "0BSD"),
        ("MPLv1.0", "MPL-1.0"), ("Mozilla Public 1.0", "MPL-1.0"), ("Mozilla Public 1.1", "MPL-1.1"), ("Mozilla Public 2.0", "MPL-2.0"),
        ("Mozilla Public License 1.0 (MPL)", "MPL-1.0"), ("Mozilla Public License 1.1 (MPL 1.1)", "MPL-1.1"), ("Mozilla Public License 2.0 (MPL 2.0)", "MPL-2.0"),
        ("Eclipse Public 1.0", "EPL-1.0"), ("Eclipse Public 2.0", "EPL-2.0"), ("Eclipse Public License 1.0 (EPL-1.0)", "EPL-1.0"), ("Eclipse Public License 2.0 (EPL-2.0)", "EPL-2.0"),
        ("Common Development and Distribution License 1.0 (CDDL-1.0)", "CDDL-1.0"), ("Common Public 1.0", "CPL-1.0"), ("Zope Public 2.1", "ZPL-2.1"), ("Zope Public 2.0", "ZPL-2.0"),
        ("Boost", "BSL-1.0"), ("Boost Software", "BSL-1.0"), ("Boost-1.0", "BSL-1.0"), ("Boost Software License 1.0 (BSL-1.0)", "BSL-1.0"),
        ("European Union Public Licence 1.1 (EUPL 1.1)", "EUPL-1.1"), ("European Union Public Licence 1.2 (EUPL 1.2)", "EUPL-1.2"),
        ("zlib/libpng", "Zlib"), ("zlib License (zlib)", "Zlib"),
        ("Python", "PSF-2.0"), ("Python Software Foundation", "PSF-2.0"), ("PSF", "PSF-2.0"), ("PSFL", "PSF-2.0"), ("PSF-2", "PSF-2.0"), ("Python Software Foundation 2.0", "PSF-2.0"),
        ("CNRI Python License (1.6)", "CNRI-Python"), ("Historical Permission Notice and Disclaimer (HPND)", "HPND"),
        ("The Unlicense (Unlicense)", "Unlicense"), ("Do What The F*ck You Want To Public License", "WTFPL"),
        ("CC0", "CC0-1.0"), ("CC0 1.0 Universal", "CC0-1.0"), ("CC0 1.0 Universal (CC0 1.0) Public Domain Dedication", "CC0-1.0"), ("Creative Commons Zero v1.0 Universal", "CC0-1.0"),
        ("Universal Permissive License (UPL)", "UPL-1.0"), ("MIT No Attribution License (MIT-0)", "MIT-0"), ("MIT No Attribution", "MIT-0"), ("SIL Open Font License 1.1 (OFL-1.1)", "OFL-1.1"), ("SIL Open Font 1.1", "OFL-1.1"), ("OFL", "OFL-1.1"),
        ("Artistic", "Artistic-1.0-Perl"), ("Artistic clarified", "ClArtistic"), ("QPL", "QPL-1.0"), ("Qt Public License (QPL)", "QPL-1.0"),
        ("Perl", "Artistic-1.0-Perl OR GPL-1.0-or-later"), ("Same terms as Perl itself", "Artistic-1.0-Perl OR GPL-1.0-or-later"), ("Ruby's", "Ruby"),
        ("OpenLDAP-2.8", "OLDAP-2.8"), ("OpenLDAP", "OLDAP-2.8"), ("Eiffel-2", "EFL-2.0"), ("FreeType", "FTL"), ("University of Illinois/NCSA Open Source License", "NCSA"),
        ("OpenSSL+SSLeay", "OpenSSL"), ("OpenSSL and SSLeay", "OpenSSL"), ("TCL", "TCL"), ("Tcl/Tk", "TCL"), ("PHP", "PHP-3.01"), ("bzip2", "bzip2-1.0.6"),
        ("MirOS License (MirOS)", "MirOS"), ("Mulan Permissive Software License v2 (MulanPSL-2.0)", "MulanPSL-2.0"), ("Microsoft Public", "MS-PL"), ("Apache-2.0-with-LLVM-exception", "Apache-2.0 WITH LLVM-exception"),
        ("APACHE-2-LLVM-EXCEPTIONS", "Apache-2.0 WITH LLVM-exception"), ("BlueOak", "BlueOak-1.0.0"), ("FSF-unlimited", "FSFUL"), ("Beer-ware", "Beerware"),
    ];

    private static readonly Lazy<FrozenDictionary<string, LicenseExpression>> ByKey = new(Load);

    /// <summary>The licence of a name; null when it is not known, as that of a name which several licences have (BSD).</summary>
    public static LicenseExpression? Expression(string name)
    {
        name = WithSingleSpaces(name);
        return StrictNaming.Instance.License(name)
            ?? (GnuLicenseName.Identifier(name) is { } gnu ? new LicenseExpression.Single(gnu) : null)
            ?? ByKey.Value.GetValueOrDefault(LicenseKey.Of(name));
    }

    /// <summary>A run of spaces would otherwise be taken apart in every way by the patterns of names.</summary>
    public static string WithSingleSpaces(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static FrozenDictionary<string, LicenseExpression> Load()
    {
        var byKey = new Dictionary<string, LicenseExpression>(StringComparer.Ordinal);
        foreach (var (name, expression) in Aliases.Concat(SpdxLicenses.All.Select(i => (i, i))))
        {
            byKey.TryAdd(LicenseKey.Of(name), LicenseExpression.Parse(expression)!);
        }

        return byKey.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
