using Portcullis.Core.Licences;

namespace Portcullis.Core.Tests.Licences;

[TestFixture]
public sealed class LicenseExpressionTests
{
    [TestCase("MIT", "MIT")]
    [TestCase("mit or apache-2.0", "MIT OR Apache-2.0")]
    [TestCase("MIT OR Apache-2.0 AND ISC", "MIT OR Apache-2.0 AND ISC")]
    [TestCase("(MIT OR Apache-2.0) AND ISC", "(MIT OR Apache-2.0) AND ISC")]
    [TestCase("((MIT))", "MIT")]
    [TestCase("MIT AND (ISC AND Zlib)", "MIT AND ISC AND Zlib")]
    [TestCase("MIT OR (ISC OR MIT)", "MIT OR ISC")]
    [TestCase("GPL-2.0", "GPL-2.0-only")]
    [TestCase("gpl-2.0+", "GPL-2.0-or-later")]
    [TestCase("GPL-2.0-only+", "GPL-2.0-only+")]
    [TestCase("Apache-2.0+", "Apache-2.0+")]
    [TestCase("BSD-2-Clause-FreeBSD", "BSD-2-Clause")]
    [TestCase("GPL-2.0-or-later WITH classpath-exception-2.0", "GPL-2.0-or-later WITH Classpath-exception-2.0")]
    [TestCase("GPL-2.0-with-classpath-exception", "GPL-2.0-only WITH Classpath-exception-2.0")]
    [TestCase("GPL-3.0-with-GCC-exception OR MIT", "GPL-3.0-only WITH GCC-exception-3.1 OR MIT")]
    [TestCase("GPL-2.0-with-389-exception", "GPL-2.0-only WITH 389-exception")]
    [TestCase("LicenseRef-My.own-1", "LicenseRef-My.own-1")]
    [TestCase("GPL-2.0-only WITH 389-exception", "GPL-2.0-only WITH 389-exception")]
    [TestCase("DocumentRef-a:LicenseRef-b AND MIT", "DocumentRef-a:LicenseRef-b AND MIT")]
    public void Writes_an_expression_as_the_specification_does(string text, string written) =>
        Assert.That(LicenseExpression.Parse(text)?.ToString(), Is.EqualTo(written));

    [TestCase("")]
    [TestCase("MIT License")]
    [TestCase("MIT,ISC")]
    [TestCase("MIT ISC")]
    [TestCase("MIT OR")]
    [TestCase("OR MIT")]
    [TestCase("(MIT")]
    [TestCase("MIT)")]
    [TestCase("MIT WITH")]
    [TestCase("MIT WITH Nothing-exception")]
    [TestCase("(MIT OR ISC) WITH Classpath-exception-2.0")]
    [TestCase("Whatever-1.0")]
    [TestCase("Whatever-1.0+")]
    [TestCase("LicenseRef-")]
    [TestCase("LicenseRef-a_b")]
    [TestCase("DocumentRef-:LicenseRef-b")]
    [TestCase("Other-a:LicenseRef-b")]
    [TestCase(":LicenseRef-b")]
    [TestCase("exceptions")]
    [TestCase("389-exception")]
    [TestCase("Classpath-exception-2.0")]
    [TestCase("GPL-2.0-with-nothing")]
    [TestCase("Nothing-with-classpath-exception")]
    public void Refuses_what_is_no_expression(string text) => Assert.That(LicenseExpression.Parse(text), Is.Null);

    [Test]
    public void The_list_has_identifiers_alone_in_ordinal_order()
    {
        Assert.That(SpdxLicenses.All, Is.Ordered.Using((IComparer<string>)StringComparer.Ordinal));
        Assert.That(SpdxLicenses.All.Where(i => !i.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.')), Is.Empty);
    }

    [Test]
    public void Nesting_is_limited()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(LicenseExpression.Parse(new string('(', 50) + "MIT" + new string(')', 50)), Is.Not.Null);
            Assert.That(LicenseExpression.Parse(new string('(', 51) + "MIT" + new string(')', 51)), Is.Null);
        }
    }

    [TestCase("(MIT OR Apache-2.0+) AND GPL-2.0-only WITH Classpath-exception-2.0 AND MIT", "MIT Apache-2.0 GPL-2.0-only")]
    [TestCase("no expression", "")]
    [TestCase(null, "")]
    public void Names_each_licence_of_an_expression_once(string? text, string identifiers) =>
        Assert.That(string.Join(' ', LicenseExpression.Identifiers(text)), Is.EqualTo(identifiers));

    [TestCase("LicenseRef-a", true)]
    [TestCase("DocumentRef-a:LicenseRef-b", true)]
    [TestCase("MIT", false)]
    public void Knows_which_licences_are_not_on_the_list(string identifier, bool isUnlisted) => Assert.That(LicenseExpression.IsUnlisted(identifier), Is.EqualTo(isUnlisted));
}
