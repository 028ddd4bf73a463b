using Portcullis.Core.Licences;

namespace Portcullis.Core.Tests.Licences;

[TestFixture]
public sealed class DeclaredLicenseTests
{
    [TestCase("MIT License", "MIT")]
    [TestCase("The MIT License (MIT)", "MIT")]
    [TestCase("Apache License, Version 2.0", "Apache-2.0")]
    [TestCase("Apache 2.0", "Apache-2.0")]
    [TestCase("Apache-2", "Apache-2.0")]
    [TestCase("apache2", "Apache-2.0")]
    [TestCase("Apache License 2.0", "Apache-2.0")]
    [TestCase("Apache Software License 2.0", "Apache-2.0")]
    [TestCase("ASL 2.0", "Apache-2.0")]
    [TestCase("BSD", null)]
    [TestCase("BSD License", null)]
    [TestCase("BSD 3-Clause", "BSD-3-Clause")]
    [TestCase("New BSD License", "BSD-3-Clause")]
    [TestCase("3-Clause BSD License", "BSD-3-Clause")]
    [TestCase("GPL", "GPL-1.0-or-later")]
    [TestCase("GPLv2", "GPL-2.0-only")]
    [TestCase("GPLv2+", "GPL-2.0-or-later")]
    [TestCase("GPL-2", "GPL-2.0-only")]
    [TestCase("GPL-2+", "GPL-2.0-or-later")]
    [TestCase("GPL v3", "GPL-3.0-only")]
    [TestCase("GNU GPL v3", "GPL-3.0-only")]
    [TestCase("GPL (>= 2)", "GPL-2.0-or-later")]
    [TestCase("GPL+", "GPL-1.0-or-later")]
    [TestCase("GNU General Public License v2 or later (GPLv2+)", "GPL-2.0-or-later")]
    [TestCase("GNU General Public License v3 (GPLv3)", "GPL-3.0-only")]
    [TestCase("GNU General Public License (GPL)", "GPL-1.0-or-later")]
    [TestCase("GNU Lesser General Public License v2.1 or later", "LGPL-2.1-or-later")]
    [TestCase("GNU Library or Lesser General Public License (LGPL)", "LGPL-2.0-or-later")]
    [TestCase("GNU Affero General Public License v3 or later (AGPLv3+)", "AGPL-3.0-or-later")]
    [TestCase("GNU AGPLv3", "AGPL-3.0-only")]
    [TestCase("LGPLv2.1+", "LGPL-2.1-or-later")]
    [TestCase("LGPLv2+ and GPLv2+", "LGPL-2.0-or-later AND GPL-2.0-or-later")]
    [TestCase("GPLv2+ and (LGPLv2+ or MIT)", "GPL-2.0-or-later AND (LGPL-2.0-or-later OR MIT)")]
    [TestCase("GPL+ or Artistic", "GPL-1.0-or-later OR Artistic-1.0-Perl")]
    [TestCase("MIT and Public Domain", "MIT AND LicenseRef-Public-Domain")]
    [TestCase("Public Domain", null)]
    [TestCase("GFDL-NIV-1.3+", "GFDL-1.3-no-invariants-or-later")]
    [TestCase("GFDL", "GFDL-1.1-or-later")]
    [TestCase("MPLv2.0", "MPL-2.0")]
    [TestCase("MPLv1.1 or GPLv2+ or LGPLv2+", "MPL-1.1 OR GPL-2.0-or-later OR LGPL-2.0-or-later")]
    [TestCase("MPL 2.0", "MPL-2.0")]
    [TestCase("Mozilla Public License 2.0 (MPL 2.0)", "MPL-2.0")]
    [TestCase("OpenSSL and ASL 2.0", "OpenSSL AND Apache-2.0")]
    [TestCase("LGPLv2+ and MIT and GPLv2+ with exceptions", "LGPL-2.0-or-later AND MIT AND GPL-2.0-or-later")]
    [TestCase("GPLv3+ and GPLv3+ with exceptions and GPLv2+ with exceptions and LGPLv2+ and BSD", "GPL-3.0-or-later AND GPL-2.0-or-later AND LGPL-2.0-or-later AND LicenseRef-BSD")]
    [TestCase("GPL-2.0", "GPL-2.0-only")]
    [TestCase("GPL-2.0+", "GPL-2.0-or-later")]
    [TestCase("GPL-2.0-with-classpath-exception", "GPL-2.0-only WITH Classpath-exception-2.0")]
    [TestCase("GPL-2.0-or-later WITH Classpath-exception-2.0", "GPL-2.0-or-later WITH Classpath-exception-2.0")]
    [TestCase("(MIT OR Apache-2.0) AND ISC", "(MIT OR Apache-2.0) AND ISC")]
    [TestCase("MIT/X11", "MIT")]
    [TestCase("MIT/Apache-2.0", "MIT OR Apache-2.0")]
    [TestCase("Apache-2.0+", "Apache-2.0+")]
    [TestCase("LicenseRef-Foo", "LicenseRef-Foo")]
    [TestCase("Boost", "BSL-1.0")]
    [TestCase("zlib", "Zlib")]
    [TestCase("zlib/libpng", "Zlib")]
    [TestCase("PSF", "PSF-2.0")]
    [TestCase("PSFv2", "PSF-2.0")]
    [TestCase("Python-2.0", "Python-2.0")]
    [TestCase("Python Software Foundation License", "PSF-2.0")]
    [TestCase("ISC License (ISCL)", "ISC")]
    [TestCase("CC0", "CC0-1.0")]
    [TestCase("CC BY-SA 4.0", "CC-BY-SA-4.0")]
    [TestCase("CC-BY-SA-3.0", "CC-BY-SA-3.0")]
    [TestCase("EPL 1.0", "EPL-1.0")]
    [TestCase("Eclipse Public License 2.0", "EPL-2.0")]
    [TestCase("WTFPL", "WTFPL")]
    [TestCase("Unlicense", "Unlicense")]
    [TestCase("The Unlicense (Unlicense)", "Unlicense")]
    [TestCase("NOASSERTION", null)]
    [TestCase("UNKNOWN", null)]
    [TestCase("custom", null)]
    [TestCase("GPL-3.0-or-later OR custom", "GPL-3.0-or-later OR LicenseRef-custom")]
    [TestCase("SEE LICENSE IN LICENSE", null)]
    [TestCase("UNLICENSED", null)]
    [TestCase("Dual License", null)]
    [TestCase("MIT, BSD-3-Clause", "MIT AND BSD-3-Clause")]
    [TestCase("BSD-2-Clause or Apache-2.0 or later", "BSD-2-Clause OR Apache-2.0+")]
    [TestCase("GPL version 2 or later", "GPL-2.0-or-later")]
    [TestCase("LGPL version 3", "LGPL-3.0-only")]
    [TestCase("Redistributable, no modification permitted", null)]
    [TestCase("Copyright only", null)]
    [TestCase("Artistic 2.0", "Artistic-2.0")]
    [TestCase("Artistic", "Artistic-1.0-Perl")]
    [TestCase("zlib and Boost", "Zlib AND BSL-1.0")]
    [TestCase("Sleepycat", "Sleepycat")]
    [TestCase("0BSD", "0BSD")]
    [TestCase("bsd-2-clause", "BSD-2-Clause")]
    [TestCase("SSPL", null)]
    [TestCase("GPL-1+ or Artistic, and BSD-4-clause", "(GPL-1.0-or-later OR Artistic-1.0-Perl) AND BSD-4-Clause")]
    [TestCase("REGCOMP, and GPL-1+ or Artistic", "LicenseRef-REGCOMP AND (GPL-1.0-or-later OR Artistic-1.0-Perl)")]
    [TestCase("BSD-3-clause and/or GPL-3+", "BSD-3-Clause OR GPL-3.0-or-later")]
    [TestCase("Perl", "Artistic-1.0-Perl OR GPL-1.0-or-later")]
    [TestCase("same terms as Perl itself", "Artistic-1.0-Perl OR GPL-1.0-or-later")]
    [TestCase("X11", "X11")]
    [TestCase("LGPL-2.1-only WITH OCaml-LGPL-linking-exception", "LGPL-2.1-only WITH OCaml-LGPL-linking-exception")]
    [TestCase("Apache-2.0 with LLVM exception", "Apache-2.0 WITH LLVM-exception")]
    [TestCase("GPL-3+ with Autoconf exception", "GPL-3.0-or-later WITH Autoconf-exception-3.0")]
    [TestCase("GPL-2 with OpenSSL exception", "GPL-2.0-only")]
    [TestCase("mit or apache-2.0", "MIT OR Apache-2.0")]
    [TestCase("MIT OR", null)]
    [TestCase("MIT AND (BSD-3-Clause OR GPL-2.0-only", null)]
    [TestCase("Zope Public License 2.1", "ZPL-2.1")]
    [TestCase("GNU Free Documentation License 1.3", "GFDL-1.3-only")]
    [TestCase("Apache License, Version 2.0.", "Apache-2.0")]
    [TestCase("Apache v2.0", "Apache-2.0")]
    [TestCase("MPLv License 2.0", null)]
    [TestCase("Xv11", "X11")]
    [TestCase("BSD 3.Clause", "BSD-3-Clause")]
    [TestCase(" NONE ", null)]
    [TestCase("GPL-2.0-only WITH 389-exception AND custom", "GPL-2.0-only WITH 389-exception AND LicenseRef-custom")]
    [TestCase("Zlib (.1)", null)]
    [TestCase("MIT; ISC", "MIT AND ISC")]
    [TestCase("MIT;ISC", "MIT AND ISC")]
    [TestCase("MIT/strange", null)]
    public void Reads_names_as_people_write_them(string text, string? expression)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(DeclaredLicense.OfText(text), Is.EqualTo(expression));
            Assert.That(DeclaredLicense.OfRpm(text), Is.EqualTo(expression));
        }
    }

    [TestCase("GPL2 LGPL2", "GPL-2.0-only AND LGPL-2.0-only")]
    [TestCase("MIT BSD GPL2+ public-domain", "MIT AND LicenseRef-BSD AND GPL-2.0-or-later AND LicenseRef-public-domain")]
    [TestCase("BSD-2-Clause AND BSD-3-Clause", "BSD-2-Clause AND BSD-3-Clause")]
    [TestCase("custom", null)]
    [TestCase("", null)]
    [TestCase(null, null)]
    public void Splits_the_words_of_an_Alpine_package(string? text, string? expression) => Assert.That(DeclaredLicense.OfApk(text), Is.EqualTo(expression));

    [Test]
    public void Joins_several_licences_and_keeps_what_is_not_known_of_them()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(DeclaredLicense.OneOf(["MIT", "Apache 2", "mine", null]), Is.EqualTo("MIT OR Apache-2.0 OR LicenseRef-mine"));
            Assert.That(DeclaredLicense.AllOf(["MIT", "(ISC OR Zlib)"]), Is.EqualTo("MIT AND (ISC OR Zlib)"));
            Assert.That(DeclaredLicense.AllOf([]), Is.Null);
            Assert.That(DeclaredLicense.AllOf(["MIT", "NONE", " NONE ", "noassertion", "", " "]), Is.EqualTo("MIT"));
            Assert.That(DeclaredLicense.AllOf(["MIT", "~odd~"]), Is.EqualTo("MIT AND LicenseRef-odd"));
            Assert.That(DeclaredLicense.AllOf(["MIT", "***", new string('x', 65)]), Is.EqualTo("MIT"));
            Assert.That(DeclaredLicense.AllOf(["MIT", new string('x', 64)]), Is.EqualTo("MIT AND LicenseRef-" + new string('x', 64)));
            Assert.That(DeclaredLicense.OneOf(["mine", "yours"]), Is.Null);
        }
    }

    [TestCase(4000, ' ', "MIT OR ISC")]
    [TestCase(4001, ' ', null)]
    [TestCase(200, '\n', "MIT OR ISC")]
    [TestCase(201, '\n', null)]
    public void An_expression_has_at_most_4000_characters_and_what_is_longer_than_200_but_one_line(int length, char space, string? expression) =>
        Assert.That(DeclaredLicense.OfText($"MIT License{space}{new string(' ', length - 18)}or ISC"), Is.EqualTo(expression));

    [TestCase(196, "GPL-2.0-only")]
    [TestCase(197, null)]
    public void A_name_of_a_GNU_licence_has_at_most_200_characters(int hyphens, string? expression) =>
        Assert.That(DeclaredLicense.OfText($"GPL{new string('-', hyphens)}2"), Is.EqualTo(expression));

    [Test]
    public void Spaces_cost_no_time() => Assert.That(DeclaredLicense.OfText("GPL" + new string(' ', 150) + "x" + new string(' ', 1500) + "or" + new string(' ', 1500) + "MIT"), Is.EqualTo("LicenseRef-GPL-x OR MIT"));

    [Test]
    public void Knows_a_licence_by_its_text()
    {
        const string Text = """
            Copyright 2020 Somebody

            Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
            documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use
            """;
        Assert.That(DeclaredLicense.OfText(Text), Is.EqualTo("MIT"));
    }

    [TestCase("MIT", "MIT")]
    [TestCase("(MIT OR GPL-3.0)", "MIT OR GPL-3.0-only")]
    [TestCase("MIT;Apache 2", "MIT OR Apache-2.0")]
    [TestCase("MIT;WTFPL;Own", "MIT OR WTFPL OR LicenseRef-Own")]
    [TestCase("UNLICENSED", null)]
    [TestCase("unlicensed;ISC", "ISC")]
    [TestCase(" UNLICENSED ;MIT;ISC", "MIT OR ISC")]
    [TestCase("  SEE LICENSE IN x;MIT;ISC", "MIT OR ISC")]
    [TestCase("SEE LICENSE IN LICENSE.md", null)]
    [TestCase("see licence in LICENSE.md;MIT;ISC", "MIT OR ISC")]
    [TestCase("UNLICENSED;LicenseRef-Own", "LicenseRef-Own")]
    [TestCase("Own", null)]
    public void Takes_one_of_the_licences_of_an_npm_package(string licenses, string? expression) => Assert.That(NpmLicense.Of(licenses.Split(';')), Is.EqualTo(expression));

    [Test]
    public void An_npm_package_without_the_field_has_no_known_licence() => Assert.That(NpmLicense.Of([]), Is.Null);

    [TestCase("MIT OR Apache-2.0", "BSD", null, "MIT OR Apache-2.0")]
    [TestCase("not an expression!", "MIT License", null, "MIT")]
    [TestCase(null, "BSD", "License :: OSI Approved :: MIT License", "MIT")]
    [TestCase(null, "UNKNOWN", "License :: OSI Approved :: BSD License", null)]
    [TestCase(null, null, "License :: OSI Approved :: GNU General Public License v2 or later (GPLv2+)", "GPL-2.0-or-later")]
    [TestCase(null, null, "License :: OSI Approved", null)]
    [TestCase(null, null, "Programming Language :: Python", null)]
    [TestCase(null, null, " License :: OSI Approved :: MIT License", "MIT")]
    [TestCase(null, null, " License :: OSI Approved ;License :: OSI Approved :: MIT License ", "MIT")]
    [TestCase(null, null, "License :: OSI Approved ::MIT License;License :: OSI Approved :: ISC License (ISCL)", "MIT AND ISC")]
    [TestCase(null, " https://opensource.org/licenses/MIT ", null, "MIT")]
    [TestCase(null, "https://opensource.org/licenses/MIT", null, "MIT")]
    [TestCase(null, null, null, null)]
    public void Reads_what_the_metadata_of_a_Python_distribution_say(string? expression, string? license, string? classifier, string? said) =>
        Assert.That(PythonLicense.Of(expression, license, classifier?.Split(';') ?? []), Is.EqualTo(said));

    [TestCase("MIT", null, "MIT")]
    [TestCase(null, "https://licenses.nuget.org/MIT", "MIT")]
    [TestCase(null, "https://licenses.nuget.org/(MIT%20OR%20Apache-2.0)", "MIT OR Apache-2.0")]
    [TestCase(null, "http://www.apache.org/licenses/LICENSE-2.0.html", "Apache-2.0")]
    [TestCase(null, "https://opensource.org/licenses/mit-license.php", "MIT")]
    [TestCase(null, "https://www.gnu.org/licenses/gpl-3.0.en.html", "GPL-3.0-only")]
    [TestCase(null, "https://aka.ms/deprecateLicenseUrl", null)]
    [TestCase(null, "https://opensource.org/licenses/MIT/", "MIT")]
    [TestCase(null, "https://spdx.org/licenses/MIT.html", "MIT")]
    [TestCase(null, " https://licenses.nuget.org/(MIT%20OR%20Apache-2.0)/ ", "MIT OR Apache-2.0")]
    [TestCase(null, "://opensource.org/licenses/MIT", "MIT")]
    [TestCase(null, "https://example.org/?from=https://opensource.org/licenses/MIT", null)]
    [TestCase("Own", null, null)]
    [TestCase(null, "nonsense", null)]
    public void Reads_what_a_nuspec_says(string? expression, string? url, string? said) => Assert.That(NuGetLicense.Of(expression, url), Is.EqualTo(said));

    [TestCase("Apache License, Version 2.0", "https://www.apache.org/licenses/LICENSE-2.0.txt", null, null, "Apache-2.0")]
    [TestCase("The MIT License", null, null, null, "MIT")]
    [TestCase("CDDL 1.1", "https://example.org/cddl", "Eclipse Public License 2.0", "https://www.eclipse.org/legal/epl-2.0/", "CDDL-1.1 OR EPL-2.0")]
    [TestCase("Our own", "https://example.org/own", null, null, null)]
    [TestCase("Our own", "https://www.eclipse.org/legal/epl-2.0/", null, null, "EPL-2.0")]
    [TestCase(null, null, null, null, null)]
    public void Reads_what_a_pom_says(string? name, string? url, string? other, string? otherUrl, string? said) => Assert.That(MavenLicense.Of([(name, url), (other, otherUrl)]), Is.EqualTo(said));

    [TestCase("https://www.apache.org/licenses/LICENSE-2.0.txt", "Apache-2.0")]
    [TestCase("Apache-2.0; link=\"https://www.apache.org/licenses/LICENSE-2.0\"", "Apache-2.0")]
    [TestCase("\"Apache-2.0\";link=x", "Apache-2.0")]
    [TestCase(" \"Apache-2.0+\" ;link=x", "Apache-2.0+")]
    [TestCase("http://www.eclipse.org/legal/epl-2.0, https://www.gnu.org/licenses/gpl-2.0.txt", "EPL-2.0 OR GPL-2.0-only")]
    [TestCase("<<EXTERNAL>>", null)]
    [TestCase("", null)]
    [TestCase(null, null)]
    public void Reads_what_the_manifest_of_a_bundle_says(string? licenses, string? said) => Assert.That(MavenLicense.OfBundle(licenses), Is.EqualTo(said));
}
