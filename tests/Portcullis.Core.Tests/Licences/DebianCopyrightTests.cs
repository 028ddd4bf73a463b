using Portcullis.Core.Licences;

namespace Portcullis.Core.Tests.Licences;

[TestFixture]
public sealed class DebianCopyrightTests
{
    [Test]
    public void Joins_the_licences_of_all_files_of_a_machine_readable_file()
    {
        const string Text = """
            Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
            Upstream-Name: something

            Files: *
            Copyright: 2001 Somebody
            License: GPL-2+ or Artistic, and BSD-3-clause

            Files: debian/*
            Copyright: 2002 Somebody else
            License: Expat

            Files: a.c
            Copyright: 2002 Somebody else
            License: own-terms
             Whoever wants it may take it.

            License: GPL-2+
             On Debian systems see /usr/share/common-licenses/GPL-3.
            """;
        Assert.That(DebianCopyright.License(Text), Is.EqualTo("(GPL-2.0-or-later OR Artistic-1.0-Perl) AND BSD-3-Clause AND MIT AND LicenseRef-own-terms"));
    }

    [Test]
    public void Knows_a_licence_of_an_unknown_name_by_its_text()
    {
        const string Text = """
            Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

            Files: *
            Copyright: 2001 Somebody
            License: BSD-3-clause-of-somebody

            Files: b
            Copyright: 2001 Somebody
            License:
             This program is free software; you can redistribute it under the terms of the GNU Lesser
             General Public License as published by the Free Software Foundation; either version 2.1 of
             the License, or (at your option) any later version.

            License: BSD-3-clause-of-somebody
             Redistribution and use in source and binary forms, with or without modification, are permitted provided
             that the following conditions are met: the name of the author may not be used to endorse or promote products
             derived from this software without specific prior written permission.
            """;
        Assert.That(DebianCopyright.License(Text), Is.EqualTo("BSD-3-Clause AND LGPL-2.1-or-later"));
    }

    [Test]
    public void Takes_the_texts_of_licences_where_no_files_are_named()
    {
        const string Text = "Format-Specification: x\n\nLicense: GPL-3\n text\n\nLicense: Zlib\n";
        Assert.That(DebianCopyright.License(Text), Is.EqualTo("GPL-3.0-only AND Zlib"));
    }

    [Test]
    public void Takes_the_licence_of_the_header() =>
        Assert.That(DebianCopyright.License("Format: x\r\nLicense: Apache-2.0\r\n\r\nLicense: Zlib\r\n text\r\n"), Is.EqualTo("Apache-2.0"));

    [TestCase("Files: *\nCopyright: x\nLicense: GPL-2+\n see /usr/share/common-licenses/Apache-2.0\n", "GPL-2.0-or-later", TestName = "Of a licence that is named the text says no more")]
    [TestCase("Files: *\nLicense: foo\n\nLicense: foo\n This is free and unencumbered software released into the public domain\n\nLicense: foo\n Licensed under the Apache License, Version 2.0\n", "Unlicense", TestName = "The first text of a name counts")]
    [TestCase("Files: a\nLicense: MIT\n \nFiles: b\nLicense: ISC\n", "MIT AND ISC", TestName = "A line of spaces ends a paragraph")]
    [TestCase("Files: *\nLicense: foo\n\tLicensed under the Apache License, Version 2.0\n", "Apache-2.0", TestName = "A line that begins with a tab goes on")]
    [TestCase("License: ISC\nFiles: *\n\nLicense: MIT\n", "ISC", TestName = "The fields of a paragraph have any order")]
    [TestCase("Files: *\nLicense: ISC\nComment: x\n Licensed under the Apache License, Version 2.0\n", "ISC", TestName = "What another field says is no licence")]
    [TestCase("Files: *\nLicense: foo \n\nLicense: foo\n Licensed under the Apache License, Version 2.0\n", "Apache-2.0", TestName = "Space behind a name does not count")]
    [TestCase("Files: *\nLicensed: MIT\nLicense: ISC\n", "ISC", TestName = "A field has its whole name")]
    [TestCase("License: x\n MIT\n\nComment: x\n", null, TestName = "A text that nobody knows says nothing")]
    public void Reads_the_machine_readable_format(string paragraphs, string? expression) =>
        Assert.That((DebianCopyright.License("Format: x\n\n" + paragraphs), DebianCopyright.License("Format-Specification: x\r\n\r\n" + paragraphs.Replace("\n", "\r\n", StringComparison.Ordinal))), Is.EqualTo((expression, expression)));

    [TestCase("It is free software.\n License: MIT\n", "MIT")]
    [TestCase("License: some words of which nobody knows what they are\n", null)]
    [TestCase("see /usr/share/common-licenses/Apache-2.0.", "Apache-2.0")]
    [TestCase("see /usr/share/common-licenses/BSD and /usr/share/common-licenses/Artistic", "BSD-3-Clause AND Artistic-1.0-Perl")]
    [TestCase("see /usr/share/common-licenses/GPL", "GPL-1.0-or-later")]
    [TestCase("see /usr/share/common-licenses/GPL-2", "GPL-2.0-only")]
    [TestCase("version 2, or any later version; see /usr/share/common-licenses/GPL-2", "GPL-2.0-or-later")]
    [TestCase("under the GNU General Public License, version 2, or (at your option) any\nlater version. See /usr/share/common-licenses/GPL", "GPL-2.0-or-later")]
    [TestCase("under the GNU General Public License version 2. See /usr/share/common-licenses/GPL-2", "GPL-2.0-only")]
    [TestCase("the GNU Library General Public License (LGPL) version 2", "LGPL-2.0-only")]
    [TestCase("the GNU Affero General Public License v3", "AGPL-3.0-only")]
    [TestCase("see /usr/share/common-licenses/nothing-like-that", null)]
    [TestCase("see /usr/share/common-licenses/LGPL-2.1", "LGPL-2.1-only")]
    [TestCase("see /usr/share/common-licenses/GFDL-1.3", "GFDL-1.3-only")]
    [TestCase("version 2.1 or later; see /usr/share/common-licenses/LGPL-2.1", "LGPL-2.1-or-later")]
    [TestCase("version 1.3 or later; see /usr/share/common-licenses/GFDL-1.3", "GFDL-1.3-or-later")]
    [TestCase("under the GNU General Public License, which is in the file COPYING", null)]
    [TestCase("License:  MIT  \r\nLicense: ISC\r\n", "MIT AND ISC")]
    [TestCase("under the GNU General Public License version 2. Of the manual version 3 or later holds. See /usr/share/common-licenses/GPL-2", "GPL-2.0-only")]
    [TestCase("License: strange\nLicense: MIT\n", "MIT")]
    [TestCase("License: MIT and strange\nLicense: ISC\n", "ISC")]
    [TestCase("It is in the public domain.", null)]
    [TestCase("", null)]
    public void Reads_free_text(string text, string? expression) => Assert.That(DebianCopyright.License(text), Is.EqualTo(expression));

    [Test]
    public void The_header_may_stand_after_empty_lines() =>
        Assert.That(DebianCopyright.License("\n\nFormat: x\nLicense: Apache-2.0\n\nLicense: Zlib\n text\n"), Is.EqualTo("Apache-2.0"));

    [TestCase(49, "MIT")]
    [TestCase(50, "MIT AND Apache-2.0", Description = "free text")]
    public void The_format_is_named_in_the_first_fifty_lines(int before, string expression) => Assert.That(
        DebianCopyright.License($"{new string('\n', before)}Format: x\n\nFiles: *\nLicense: MIT\n see /usr/share/common-licenses/Apache-2.0\n"), Is.EqualTo(expression));

    [TestCase(120, "MIT AND ISC")]
    [TestCase(121, null)]
    public void A_name_has_at_most_120_characters(int length, string? expression)
    {
        var name = $"MIT{new string(' ', length - 10)}and ISC";
        Assert.That((DebianCopyright.License($"License: {name}\n"), DebianCopyright.License($"Format: x\n\nFiles: *\nLicense: {name}\n")), Is.EqualTo((expression, expression)));
    }

    [TestCase("", "Redistributions in binary form must reproduce the above copyright notice.", "BSD-2-Clause")]
    [TestCase("", "", null)]
    [TestCase("All advertising materials mentioning features must say so.", "Names may not be used to endorse or promote products derived from it.", "BSD-4-Clause")]
    public void Tells_the_clauses_of_BSD_apart(string first, string second, string? expression) => Assert.That(
        DebianCopyright.License($"Redistribution and use in source and binary forms, with or without modification, are permitted provided that:\n{first}\n{second}"), Is.EqualTo(expression));

    [Test]
    public void Finds_a_licence_of_nearly_every_package_of_this_machine()
    {
        const string Folder = "/usr/share/doc";
        var files = Directory.Exists(Folder) ? Directory.EnumerateDirectories(Folder).Select(d => Path.Combine(d, "copyright")).Where(File.Exists).ToList() : [];
        if (files.Count < 100)
        {
            Assert.Ignore($"not run: {Folder} has few packages");
        }

        var licenses = files.Select(f => DebianCopyright.License(File.ReadAllText(f))).ToList();

        Assert.That(licenses.Count(l => l is null), Is.LessThan(files.Count / 10));
        Assert.That(licenses.OfType<string>().Select(LicenseExpression.Parse), Has.None.Null);
    }
}
