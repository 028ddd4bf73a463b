using Portcullis.Core.Components;
using Portcullis.Core.Versions;

namespace Portcullis.Core.Tests.Versions.Orders;

/// <summary>Each was asked of the ecosystem's own tool; a list rises from left to right, an equals sign stands between equal ones.</summary>
[TestFixture]
public sealed class OwnTableTests
{
    [TestCase(PackageFormat.Deb, "1.0~~ 1.0~~a 1.0~ 1.0 = 1.0- = 1.0-0 = 0:1.0 = 1.00 1.0-1 1.0-1.1 1.0a 1.0+b 1.1 1.10 1:0.1 10:0")]
    [TestCase(PackageFormat.Deb, "1 12345678901234567890123 12345678901234567890124 a = a0 a1 a1b aZ = aZ0 aa a+")]
    [TestCase(PackageFormat.Deb, "2.4.7-1~bpo9 2.4.7-1 2.4.7-1ubuntu0 2.4.7-1+b1 2.4.7-1+deb9u1 2.4.7-2")]
    [TestCase(PackageFormat.Rpm, "1~rc1 1~rc1^git 1 = 1. = 1_ 1-0 1-1.el9 1-10.el9 1^ 1^a 1.a 1.b 1.b.0 1.1 = 1.01 0:2 1:0")]
    [TestCase(PackageFormat.Rpm, "Z a aa 0 = .0 = 0. 1 12345678901234567890123")]
    [TestCase(PackageFormat.Apk, "1.2_alpha 1.2_alpha1 1.2_beta 1.2_pre 1.2_rc 1.2_rc2 1.2 1.2-r0 1.2-r1 1.2-r10 1.2~ab 1.2_cvs 1.2_svn 1.2_git 1.2_hg 1.2_p 1.2_p1 1.2a 1.2b 1.2.0 1.2.00 1.2.1 1.2.10 1.10")]
    [TestCase(PackageFormat.Apk, "1.0 1.0001 1.001 1.01 1.1 1.10 1.100 01.100.1 2 10")]
    [TestCase(PackageFormat.Apk, "1.0_rc1-r0 1.0_rc1-r1 1.0_rc1~a-r0 1.0_rc1~b 1.0_rc1_p1 1.0_rc2")]
    [TestCase(PackageFormat.Apk, "1_p2_ 1_p2 1_p2-r2", TestName = "Of Alpine what does not fit is below the end")]
    [TestCase(PackageFormat.Python, "1.dev1 1a1.dev1 1a1 1a1.post1 1b1 = 1.0.beta_1 = 1-beta.1 1c1 = 1rc1 = 1pre1 = 1-preview-1 1 = 1.0 = v1.0.0 1+a 1+a.b 1+b 1+1 1+1.a 1+1.1 1+2 1.post0.dev1 1.post0 = 1-0 = 1.post = 1r 1.post1 = 1-1 = 1rev1 1.0.1 1.1 1.10 2021.1 1!0.1 2!0")]
    [TestCase(PackageFormat.Python, "junk 1.0-alpha-beta 1.0-junk = 1-junk 1.1-junk 0.dev0")]
    [TestCase(PackageFormat.Npm, "0.0.1 1.0.0-0 = 1.0.0-00 1.0.0-9 1.0.0-10 1.0.0-- 1.0.0-A 1.0.0-a = 1.0.0a = v1.0.0-a = =1.0.0-a = 1.0.0-a+b 1.0.0-a.0 1.0.0-a.a 1.0.0-aa 1.0.0 = 1.0 = 1 1.0.1")]
    [TestCase(PackageFormat.Go, "v0.0.0-20190101000000-abcdefabcdef v0.0.0-20200101000000-abcdefabcdef v0.0.0 v1.2.3-0.20200101000000-abcdefabcdef v1.2.3-pre v1.2.3-pre.0.20200101000000-abcdefabcdef v1.2.3 = 1.2.3 = v1.2.3+incompatible v1.2.4-0.20200101000000-abcdefabcdef")]
    [TestCase(PackageFormat.Go, "go1.20 = 1.20.0 = 1.20 go1.21beta1 = 1.21.0-beta.1 = 1.21beta1 go1.21rc1 = 1.21.0-rc.1 go1.21rc10 go1.21 = go1.21.0 go1.21.3 = go1.21.3-vendor = go1.21.3+x = 1.21.3 go1.22-pre4 = 1.22.0-pre.4 go1.22")]
    [TestCase(PackageFormat.NuGet, "1.0.0-0 1.0.0-2 1.0.0-10 1.0.0-99999999999 1.0.0-ALPHA = 1.0.0-alpha 1.0.0-alpha.1 1.0.0-beta+x = 1.0.0-Beta+y 1 = 1.0 = 1.0.0.0 = 01.0.0 1.0.0.1-a 1.0.0.1 1.0.1 1.1")]
    [TestCase(PackageFormat.Gem, "0.9 1.a 1.a.1 1.b 1.pre.1 = 1-1 1.z.0.a 1.z = 1.z.0 = 1.0.z = 1z 1.z.0.0.1 1.z.0.1 1.z.1 1 = 1.0 = 1.0.0 = 01 1.0.0.1.a 1.0.0.1 1.0.1.a 1.0.1 1.1 10")]
    [TestCase(PackageFormat.Crate, "1.0.0-alpha 1.0.0 = 1.0.0+build 1.0.1 10.0.0")]
    [TestCase(PackageFormat.Maven, "1.alpha 1-alpha 1-alpha-1 = 1a1 = 1-ALPHA1 1-beta 1-milestone 1-rc = 1-cr 1-rc-1 1-snapshot 1 = 1.0 = 1.0.0 = 1-ga = 1.final = 1-0 = 1.release 1.sp 1.foo 1-sp 1-sp-1 1-a 1-foo 1-foo-1 1-1 1-2 1-10 1.0.1 1.1-rc 1.1 1.01.1 1.10")]
    [TestCase(PackageFormat.Maven, "1.0.alpha 1 1-1 1.0.foo 1.0.0.1 1.0.1 = 1.00.01", TestName = "Of Maven zeros before a qualifier")]
    [TestCase(PackageFormat.Deb, "1 2 1:0:1 1:2", TestName = "Of Debian epochs before a colon")]
    [TestCase(PackageFormat.Deb, "1-2 1-1-1 1-1-2 1-2-1", TestName = "Of Debian only what follows the last hyphen is the revision")]
    [TestCase(PackageFormat.Rpm, "2 1:0:1 1:2", TestName = "Of RPM epochs before a colon")]
    [TestCase(PackageFormat.Rpm, "1-2 1-1-1 1-1-2 1-2-1", TestName = "Of RPM only what follows the last hyphen is the release")]
    [TestCase(PackageFormat.Apk, "1~ab~cd 1~ab 1~ab-r1-r2 1~ab-r1", TestName = "Of Alpine a second hash or revision does not fit")]
    [TestCase(PackageFormat.Python, "!1 1.0+ 1.0a1 = 1.0_a1 = 1.0a_1 1.0a2 1.0 1.0+a = 1.0+A 1.0+a.b = 1.0+a-b = 1.0+a_b 1.0+a.1 1.0+ab", TestName = "Of Python separators, phases and local labels")]
    [TestCase(PackageFormat.Python, "1.0x.dev = 1.0x-dev 1.0x.a 1.0x.c = 1.0x.pre = 1.0x.rc = 1.0x.preview 1.0x = 1.0X 1.0x- 1.0x-1 1.0x.z 1.0x.1", TestName = "Of Python words in what is no PEP 440")]
    [TestCase(PackageFormat.Python, "1.0_.dev = 1.0_-dev 1.0_ 1.0_.1 1.0_!", TestName = "Of Python other characters in what is no PEP 440")]
    [TestCase(PackageFormat.Python, "foo = 0foo", TestName = "Of Python zeros before a word in what is no PEP 440")]
    [TestCase(PackageFormat.Npm, "1.2.3- 1.2.3-.a 1.2.3", TestName = "Of npm a hyphen that is an identifier itself")]
    [TestCase(PackageFormat.Npm, "1.2.3-a = 1.2.3-a+b+c 1.2.3 = 1.2.3+b+c-d", TestName = "Of npm build metadata with a plus")]
    [TestCase(PackageFormat.Crate, "1.2.3-a = =1.2.3-a+b+c 1.2.3 = =1.2.3 = =v1.2.3", TestName = "Of crates a sign before the version")]
    [TestCase(PackageFormat.Gem, "1.a.0.0.b 1.a.0.0.0.b 1.a 1.a.1 = 1.0.a.1 2", TestName = "Of gems words after zeros")]
    [TestCase(PackageFormat.Gem, "1.0-a-b 1.0-b 1.0", TestName = "Of gems further hyphens")]
    [TestCase(PackageFormat.Go, "go1.21.2 go1.21.3 = 1.21.3", TestName = "Of Go the standard library")]
    [TestCase(PackageFormat.Maven, "foo 0 0.1 1", TestName = "Of Maven a word is below a zero")]
    [TestCase(PackageFormat.Maven, "1-alpha = 1-0.alpha 1.0.alpha 1", TestName = "Of Maven a zero after a hyphen does not count before a pre-release")]
    [TestCase(PackageFormat.Maven, "1 1.final.1 1-foo 1-0.foo 1-0.1 1.0.foo 1.0.0.foo 1.0.1", TestName = "Of Maven zeros and words before other parts")]
    public void Versions_have_the_order_of_the_ecosystem(PackageFormat format, string rising)
    {
        var order = VersionOrders.Of(format);
        var words = rising.Split(' ').ToList();
        var versions = new List<(string Text, int Rank)>();
        foreach (var word in words.Where(w => w != "="))
        {
            versions.Add((word, versions.Count == 0 ? 0 : versions[^1].Rank + (words[words.IndexOf(word) - 1] == "=" ? 0 : 1)));
        }

        var wrong =
            from left in versions
            from right in versions
            let wanted = left.Rank.CompareTo(right.Rank) switch { < 0 => "<", 0 => "=", _ => ">" }
            let said = VersionTable.Compare(order, left.Text, right.Text)
            where said != wanted
            select $"{left.Text} {wanted} {right.Text}: {said}";
        Assert.That(wrong, Is.Empty);
    }

    [TestCase(PackageFormat.Deb, "")]
    [TestCase(PackageFormat.Rpm, " ")]
    [TestCase(PackageFormat.Apk, "")]
    [TestCase(PackageFormat.Python, " ")]
    [TestCase(PackageFormat.Maven, "")]
    [TestCase(PackageFormat.Gem, "")]
    [TestCase(PackageFormat.Gem, "a")]
    [TestCase(PackageFormat.Gem, "1..2")]
    [TestCase(PackageFormat.Gem, "1_2")]
    [TestCase(PackageFormat.Gem, "1-")]
    [TestCase(PackageFormat.Gem, "1-a..b")]
    [TestCase(PackageFormat.Npm, "")]
    [TestCase(PackageFormat.Npm, "latest")]
    [TestCase(PackageFormat.Npm, "1.0.0-a..b")]
    [TestCase(PackageFormat.Npm, "1.0.0-a_b")]
    [TestCase(PackageFormat.Npm, "1..0")]
    [TestCase(PackageFormat.Crate, "1.0.0a")]
    [TestCase(PackageFormat.Crate, "1.0.0-")]
    [TestCase(PackageFormat.Crate, "1.")]
    [TestCase(PackageFormat.Go, "(devel)")]
    [TestCase(PackageFormat.Go, "devel go1.22-abcdef")]
    [TestCase(PackageFormat.Go, "go1.21rcx")]
    [TestCase(PackageFormat.Go, "go1.21rc1x")]
    [TestCase(PackageFormat.Go, "v1.2.3x")]
    [TestCase(PackageFormat.NuGet, "1.0.0.0.0")]
    [TestCase(PackageFormat.NuGet, "v1.0")]
    [TestCase(PackageFormat.NuGet, "1.0-")]
    public void What_is_no_version_of_the_ecosystem_has_no_key(PackageFormat format, string text) =>
        Assert.That(VersionOrders.Of(format).TryKey(text, out var key) || key != default, Is.False);

    [Test]
    public void What_who_built_Go_has_added_behind_a_space_does_not_count() =>
        Assert.That(VersionTable.Compare(VersionOrders.Of(PackageFormat.Go), "go1.20.5 X:boringcrypto", "go1.20.5"), Is.EqualTo("="));

    [Test]
    public void Numbers_may_have_any_length()
    {
        var long254 = new string('9', 254);
        var long255 = "1" + new string('0', 254);
        var long300 = new string('9', 300);
        foreach (var format in Enum.GetValues<PackageFormat>())
        {
            var order = VersionOrders.Of(format);
            Assert.That((VersionTable.Compare(order, long254, long255), VersionTable.Compare(order, long300, long255), VersionTable.Compare(order, "000" + long300, long300)), Is.EqualTo(("<", ">", "=")), $"{format}");
        }
    }

    [Test]
    public void Versions_of_any_number_of_parts_are_in_their_order()
    {
        foreach (var format in Enum.GetValues<PackageFormat>().Except([PackageFormat.NuGet]))
        {
            var order = VersionOrders.Of(format);
            var text = format is PackageFormat.Npm or PackageFormat.Go ? "1.0.0-1" : "1";
            for (var parts = 0; parts < 150; parts++)
            {
                var next = text + ".1";
                Assert.That(VersionTable.Compare(order, text, next), Is.EqualTo("<"), $"{format}: {next}");
                text = next;
            }
        }
    }

    [Test]
    public void Numbers_of_many_digits_are_compared_by_how_many_they_have()
    {
        var (fewer, more) = (new string('9', 255), "1" + new string('0', 255));
        foreach (var format in Enum.GetValues<PackageFormat>())
        {
            Assert.That(VersionTable.Compare(VersionOrders.Of(format), fewer, more), Is.EqualTo("<"), $"{format}");
        }
    }

    [Test]
    public void A_number_after_very_many_zeros_is_above_the_end()
    {
        var zeros = string.Concat(Enumerable.Repeat(".0", 254));
        Assert.That(VersionTable.Compare(VersionOrders.Of(PackageFormat.Gem), "1", $"1{zeros}.1"), Is.EqualTo("<"));
    }

    [Test]
    public void Runs_of_zeros_may_have_any_length()
    {
        var order = VersionOrders.Of(PackageFormat.Gem);
        string Zeros(int count, string end) => $"1.a{string.Concat(Enumerable.Repeat(".0", count))}.{end}";
        using (Assert.EnterMultipleScope())
        {
            Assert.That(VersionTable.Compare(order, Zeros(254, "1"), Zeros(255, "1")), Is.EqualTo(">"));
            Assert.That(VersionTable.Compare(order, Zeros(255, "1"), Zeros(256, "1")), Is.EqualTo(">"));
            Assert.That(VersionTable.Compare(order, Zeros(254, "z"), Zeros(255, "z")), Is.EqualTo("<"));
            Assert.That(VersionTable.Compare(order, Zeros(511, "z"), Zeros(510, "z")), Is.EqualTo(">"));
        }
    }

    [Test]
    public void Keys_are_compared_by_operators_too()
    {
        VersionOrders.SemVer.TryKey("1.0.0", out var low);
        VersionOrders.SemVer.TryKey("1.0.1", out var high);
        VersionOrders.SemVer.TryKey("v1.0", out var same);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(((low < high), (high < low), (low > high), (high > low), (low < same), (low > same)), Is.EqualTo((true, false, false, true, false, false)));
            Assert.That(((low <= high), (high <= low), (low <= same), (low >= high), (high >= low), (low >= same)), Is.EqualTo((true, false, true, false, true, true)));
            Assert.That((low == same, low != same, low == high, low != high), Is.EqualTo((true, false, false, true)));
            Assert.That((low.Equals((object)same), low.Equals((object)high), low.Equals("1.0.0"), low.GetHashCode() == same.GetHashCode(), low.GetHashCode() == high.GetHashCode()), Is.EqualTo((true, false, false, true, false)));
            Assert.That(low.ToString(), Is.EqualTo("0101310002"));
        }
    }
}
