using Portcullis.Core.Components;
using Portcullis.Core.Vulnerabilities.Advisories;

namespace Portcullis.Core.Tests.Vulnerabilities.Advisories;

[TestFixture]
internal sealed class OsvEcosystemTests
{
    [TestCase("PyPI", "PyPI")]
    [TestCase("Maven:https://repo.example.com", "Maven")]
    [TestCase("Debian:12", "Debian:12")]
    [TestCase("Debian", "Debian")]
    [TestCase("Ubuntu:22.04:LTS", "Ubuntu:22.04")]
    [TestCase("Ubuntu:23.10", "Ubuntu:23.10")]
    [TestCase("Ubuntu:Pro:16.04:LTS", "Ubuntu:16.04")]
    [TestCase("Alpine:v3.18", "Alpine:v3.18")]
    [TestCase("Red Hat:enterprise_linux:9::appstream", "Red Hat:9")]
    [TestCase("Red Hat:rhel_eus:9.2::baseos", null)]
    [TestCase("Rocky Linux:9:SIG Cloud", "Rocky Linux:9")]
    [TestCase("SUSE:Linux Enterprise Server 15 SP5", "SUSE:15.5")]
    [TestCase("SUSE:Linux Enterprise Module for Basesystem 15 SP5", "SUSE:15.5")]
    [TestCase("SUSE:Linux Enterprise Server 15 SP2-LTSS", "SUSE:15.2")]
    [TestCase("SUSE:Linux Enterprise Micro 5.3", null)]
    [TestCase("openSUSE:Leap 15.5", "openSUSE:Leap 15.5")]
    [TestCase("Wolfi", "Wolfi")]
    [TestCase("Wolfi:os", "Wolfi")]
    [TestCase("Chainguard:x", "Chainguard")]
    [TestCase("MinimOS:x", "MinimOS")]
    [TestCase("Echo:x", "Echo")]
    [TestCase("Mageia:9", "Mageia:9")]
    [TestCase("Ubuntu:22.4", null)]
    [TestCase("SUSE:Linux Enterprise Desktop 15", "SUSE:15")]
    [TestCase("Packagist", null)]
    [TestCase("debian:12", null)]
    [TestCase("", null)]
    public void An_ecosystem_of_one_release_has_one_name(string written, string? canonical) => Assert.That(OsvEcosystem.Canonical(written), Is.EqualTo(canonical));

    [TestCase("Debian:12", PackageFormat.Deb, "debian", "12")]
    [TestCase("Debian:12", PackageFormat.Deb, "debian", "12.5")]
    [TestCase("Debian", PackageFormat.Deb, "debian", "12")]
    [TestCase("Debian:12", PackageFormat.Deb, "debian", "")]
    [TestCase("Ubuntu:22.04", PackageFormat.Deb, "ubuntu", "22.04")]
    [TestCase("Alpine:v3.18", PackageFormat.Apk, "alpine", "3.18.4")]
    [TestCase("Alpine:v3.18", PackageFormat.Apk, "alpine", "3.18")]
    [TestCase("Alpine:v3.18", PackageFormat.Apk, "alpine", "")]
    [TestCase("Alpine:edge", PackageFormat.Apk, "alpine", "3.21_alpha20240923")]
    [TestCase("Alpine:edge", PackageFormat.Apk, "alpine", "edge")]
    [TestCase("Wolfi", PackageFormat.Apk, "wolfi", "20230201")]
    [TestCase("Red Hat:9", PackageFormat.Rpm, "rhel", "9.3")]
    [TestCase("AlmaLinux:9", PackageFormat.Rpm, "almalinux", "9.3")]
    [TestCase("SUSE:15.5", PackageFormat.Rpm, "sles", "15.5")]
    [TestCase("openSUSE:Leap 15.5", PackageFormat.Rpm, "opensuse-leap", "15.5")]
    [TestCase("openSUSE:Tumbleweed", PackageFormat.Rpm, "opensuse-tumbleweed", "20240101")]
    [TestCase("Rocky Linux:9", PackageFormat.Rpm, "rocky", "9.3")]
    [TestCase("Azure Linux:3", PackageFormat.Rpm, "azurelinux", "3.0")]
    [TestCase("Echo", PackageFormat.Deb, "echo", "1")]
    [TestCase("Chainguard", PackageFormat.Apk, "chainguard", "20230201")]
    [TestCase("MinimOS", PackageFormat.Apk, "minimos", "20230201")]
    [TestCase("Alpine:v3.9", PackageFormat.Apk, "alpine", "")]
    [TestCase("Alpine:edge", PackageFormat.Apk, "alpine", "4")]
    public void A_distributions_packages_go_by_its_release(string canonical, PackageFormat format, string id, string version) =>
        Assert.That(OsvEcosystem.IsFor(canonical, format, new Distribution(id, version)), Is.True);

    [TestCase("Debian:12", PackageFormat.Deb, "debian", "11")]
    [TestCase("Debian:12", PackageFormat.Deb, "ubuntu", "22.04")]
    [TestCase("Debian:12", PackageFormat.Apk, "debian", "12")]
    [TestCase("Debian:1", PackageFormat.Deb, "debian", "12")]
    [TestCase("PyPI", PackageFormat.Deb, "debian", "12")]
    [TestCase("Alpine:v3.18", PackageFormat.Apk, "alpine", "edge")]
    [TestCase("conan", PackageFormat.Other, "debian", "12")]
    [TestCase("Debian:12", PackageFormat.Deb, "arch", "12")]
    public void And_by_no_other(string canonical, PackageFormat format, string id, string version) =>
        Assert.That(OsvEcosystem.IsFor(canonical, format, new Distribution(id, version)), Is.False);

    [Test]
    public void A_derived_distribution_goes_by_all_releases_of_what_it_is_like()
    {
        var derived = new Distribution("kali", "2024.1") { Like = ["unheard-of", "debian"] };
        Assert.That(new[] { "Debian:11", "Debian:12", "Ubuntu:22.04" }.Where(e => OsvEcosystem.IsFor(e, PackageFormat.Deb, derived)), Is.EqualTo(new[] { "Debian:11", "Debian:12" }));
    }

    [Test]
    public void A_derived_distribution_goes_by_the_first_that_it_is_like_and_that_is_known()
    {
        var derived = new Distribution("x", "1") { Like = ["debian", "rhel"] };
        Assert.That((OsvEcosystem.IsFor("Debian:12", PackageFormat.Deb, derived), OsvEcosystem.IsFor("Red Hat:9", PackageFormat.Rpm, derived)), Is.EqualTo((true, false)));
    }

    [TestCase("Debian:12", PackageFormat.Deb)]
    [TestCase("Ubuntu:22.04", PackageFormat.Deb)]
    [TestCase("Wolfi", PackageFormat.Apk)]
    [TestCase("Red Hat:9", PackageFormat.Rpm)]
    public void Packages_of_a_distribution_have_its_format(string canonical, PackageFormat format) => Assert.That(OsvEcosystem.FormatOf(canonical), Is.EqualTo(format));

    [TestCase(PackageFormat.Deb, null, null, "a 1")]
    [TestCase(PackageFormat.Deb, "s", null, "s 1")]
    [TestCase(PackageFormat.Deb, "s", "2", "s 2")]
    [TestCase(PackageFormat.Deb, null, "2", "a 2")]
    [TestCase(PackageFormat.Apk, null, null, "a 1")]
    [TestCase(PackageFormat.Apk, "s", "2", "s 2, a 1")]
    [TestCase(PackageFormat.Rpm, "s", null, "s 1, a 1")]
    [TestCase(PackageFormat.Npm, "s", "2", "a 1")]
    public void A_package_is_looked_up_by_its_source_and_where_advisories_may_name_it_by_itself(PackageFormat format, string? source, string? version, string lookUps)
    {
        var component = new Component { Format = format, Name = "a", Version = "1", SourceName = source, SourceVersion = version };
        Assert.That(string.Join(", ", OsvEcosystem.LookUpsOf(component).Select(l => $"{l.Name} {l.Version}")), Is.EqualTo(lookUps));
    }

    [TestCase("PyPI", PackageFormat.Python)]
    [TestCase("crates.io", PackageFormat.Crate)]
    public void Packages_of_a_language_go_by_it_in_any_image(string canonical, PackageFormat format)
    {
        Assert.That(OsvEcosystem.IsFor(canonical, format, null), Is.True);
        Assert.That(OsvEcosystem.IsFor("npm", format, null), Is.False);
        Assert.That(OsvEcosystem.FormatOf(canonical), Is.EqualTo(format));
    }

    [Test]
    public void Packages_of_a_distribution_that_is_not_known_go_by_nothing() => Assert.That(OsvEcosystem.IsFor("Debian:12", PackageFormat.Deb, null), Is.False);

    [TestCase(PackageFormat.Python, "Flask._-Cors", "flask-cors")]
    [TestCase(PackageFormat.Python, "zope.interface", "zope-interface")]
    [TestCase(PackageFormat.Python, "zope2", "zope2")]
    [TestCase(PackageFormat.Python, "a-", "a-")]
    [TestCase(PackageFormat.Python, "_a", "-a")]
    [TestCase(PackageFormat.Npm, "JSONStream", "JSONStream")]
    [TestCase(PackageFormat.NuGet, "Newtonsoft.Json", "newtonsoft.json")]
    [TestCase(PackageFormat.Crate, "Foo_Bar", "foo-bar")]
    public void A_package_has_one_name(PackageFormat format, string written, string canonical) => Assert.That(OsvEcosystem.CanonicalName(format, written), Is.EqualTo(canonical));

    [TestCase(PackageFormat.Deb, "glibc@2.36-9")]
    [TestCase(PackageFormat.Apk, "glibc@2.36-9 libc6@1:2")]
    [TestCase(PackageFormat.Rpm, "glibc@2.36-9 libc6@1:2")]
    [TestCase(PackageFormat.Npm, "libc6@1:2")]
    public void A_distributions_package_is_looked_up_by_its_source(PackageFormat format, string expected)
    {
        var component = new Component { Format = format, Name = "libc6", Version = "1:2", SourceName = "glibc", SourceVersion = "2.36-9" };
        Assert.That(string.Join(' ', OsvEcosystem.LookUpsOf(component).Select(l => $"{l.Name}@{l.Version}")), Is.EqualTo(expected));
    }
}
