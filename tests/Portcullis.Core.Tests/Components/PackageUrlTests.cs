using Portcullis.Core.Components;

namespace Portcullis.Core.Tests.Components;

[TestFixture]
public sealed class PackageUrlTests
{
    // Examples of the specification and of its test suite.
    [TestCase("pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie", "pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie")]
    [TestCase("pkg:DEB/Debian/Curl@7.50.3-1", "pkg:deb/debian/curl@7.50.3-1")]
    [TestCase("pkg:golang/google.golang.org/genproto#/googleapis/./api/../annotations/", "pkg:golang/google.golang.org/genproto#googleapis/api/annotations")]
    [TestCase("pkg:npm/%40angular/animation@12.3.1", "pkg:npm/%40angular/animation@12.3.1")]
    [TestCase("pkg:npm/@angular/animation@12.3.1", "pkg:npm/%40angular/animation@12.3.1")]
    [TestCase("pkg:npm/@angular/animation", "pkg:npm/%40angular/animation")]
    [TestCase("pkg:pypi/Django_package@1.11.1.dev1", "pkg:pypi/django-package@1.11.1.dev1")]
    [TestCase("pkg://maven//org.apache.commons/io@1.3.4/", "pkg:maven/org.apache.commons/io@1.3.4")]
    [TestCase("pkg:maven/a/b@1?type=zip&classifier=&repositorY_url=repo.spring.io/release", "pkg:maven/a/b@1?repository_url=repo.spring.io%2Frelease&type=zip")]
    [TestCase("pkg:docker/cassandra@sha256%3A244fd47e07d1004f0aed9c", "pkg:docker/cassandra@sha256:244fd47e07d1004f0aed9c")]
    [TestCase("pkg:oci/Debian@sha256:ab?tag=bullseye", "pkg:oci/debian@sha256:ab?tag=bullseye")]
    [TestCase("pkg:generic/a%20b@1%2B2?x=%C3%BC", "pkg:generic/a%20b@1%2B2?x=%C3%BC")]
    [TestCase("pkg:rpm/Fedora/cURL@1", "pkg:rpm/fedora/cURL@1")]
    [TestCase(" pkg:npm/x@1 ", "pkg:npm/x@1")]
    [TestCase("pkg:a.b-c+d/x@1", "pkg:a.b-c+d/x@1")]
    [TestCase("pkg:x/y@1", "pkg:x/y@1")]
    [TestCase("pkg:npm/x@1?a.b-c_d=1#p?q", "pkg:npm/x@1?a.b-c_d=1#p%3Fq")]
    [TestCase("pkg:npm/x@1#a#b", "pkg:npm/x@1%23a#b")]
    [TestCase("pkg:npm/x@1?a=b?c=d", "pkg:npm/x@1%3Fa%3Db?c=d")]
    [TestCase("pkg:npm/x@1?a=b=c", "pkg:npm/x@1?a=b%3Dc")]
    [TestCase("pkg:generic/%C2%80", "pkg:generic/%C2%80")]
    public void Writes_the_canonical_form_of_what_it_reads(string text, string canonical)
    {
        var url = PackageUrl.Parse(text);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(url?.ToString(), Is.EqualTo(canonical));
            Assert.That(PackageUrl.Parse(canonical)?.ToString(), Is.EqualTo(canonical));
        }
    }

    [TestCase("")]
    [TestCase("maven/org.apache.commons/io@1.3.4")]
    [TestCase("pkg:")]
    [TestCase("pkg:maven")]
    [TestCase("pkg:/name")]
    [TestCase("pkg:maven/@1.3.4")]
    [TestCase("pkg:3nuget/x@1")]
    [TestCase("pkg:n&g?inx/x@1")]
    [TestCase("pkg:npm/x@1?in%20production=true")]
    [TestCase("pkg:npm/x@1?9a=b")]
    [TestCase("pkg:npm/x@1?=b")]
    [TestCase("pkg:n_pm/x@1")]
    [TestCase("pkg:npm/x@1?a=b&A=c")]
    public void Refuses_what_is_no_package_URL(string text) => Assert.That(PackageUrl.Parse(text), Is.Null);

    [TestCase(PackageFormat.Deb, "openssl", "1:3.0-1", "pkg:deb/debian/openssl@1:3.0-1?arch=amd64&distro=debian-12&upstream=source%401:3.0")]
    [TestCase(PackageFormat.Rpm, "bash", "4:5.1-2.el9", "pkg:rpm/debian/bash@5.1-2.el9?arch=amd64&distro=debian-12&epoch=4&upstream=source%401:3.0")]
    [TestCase(PackageFormat.Rpm, "bash", "5.1-2.el9", "pkg:rpm/debian/bash@5.1-2.el9?arch=amd64&distro=debian-12&upstream=source%401:3.0")]
    [TestCase(PackageFormat.Go, "github.com/gorilla/mux", "v1.8.0", "pkg:golang/github.com/gorilla/mux@v1.8.0")]
    [TestCase(PackageFormat.Go, "stdlib", "1.21.3", "pkg:golang/stdlib@1.21.3")]
    [TestCase(PackageFormat.Npm, "@babel/core", "7.0.0", "pkg:npm/%40babel/core@7.0.0")]
    [TestCase(PackageFormat.Python, "django", "4.2", "pkg:pypi/django@4.2")]
    [TestCase(PackageFormat.Maven, "org.apache:log4j", "2.0", "pkg:maven/org.apache/log4j@2.0")]
    [TestCase(PackageFormat.NuGet, "Newtonsoft.Json", "13.0.1", "pkg:nuget/Newtonsoft.Json@13.0.1")]
    [TestCase(PackageFormat.Gem, "rails", "7.0", "pkg:gem/rails@7.0")]
    [TestCase(PackageFormat.Crate, "serde", "", "pkg:cargo/serde")]
    [TestCase(PackageFormat.Apk, "musl", "1.2.4-r2", "pkg:apk/debian/musl@1.2.4-r2?arch=amd64&distro=debian-12&upstream=source%401:3.0")]
    [TestCase(PackageFormat.Rpm, "bash", "a:5.1", "pkg:rpm/debian/bash@a:5.1?arch=amd64&distro=debian-12&upstream=source%401:3.0")]
    [TestCase(PackageFormat.Rpm, "bash", "1a:5.1", "pkg:rpm/debian/bash@1a:5.1?arch=amd64&distro=debian-12&upstream=source%401:3.0")]
    [TestCase(PackageFormat.Rpm, "bash", ":5", "pkg:rpm/debian/bash@:5?arch=amd64&distro=debian-12&upstream=source%401:3.0")]
    public void Names_a_component_so_that_it_can_be_read_back(PackageFormat format, string name, string version, string url)
    {
        var isPackage = ImageMerge.IsOfDistribution(format);
        var component = new Component { Format = format, Name = name, Version = version };
        component = isPackage ? component with { SourceName = "source", SourceVersion = "1:3.0", Architecture = "amd64" } : component;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ComponentUrl.Of(component, new Distribution("debian", "12")).ToString(), Is.EqualTo(url));
            Assert.That(ComponentUrl.Component(PackageUrl.Parse(url)!), Is.EqualTo(component));
        }
    }

    [Test]
    public void Names_a_package_without_a_distribution_or_of_a_rolling_one()
    {
        var component = new Component { Format = PackageFormat.Apk, Name = "musl", Version = "1.2-r0", SourceName = "musl-source" };
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ComponentUrl.Of(component, null).ToString(), Is.EqualTo("pkg:apk/musl@1.2-r0?upstream=musl-source"));
            Assert.That(ComponentUrl.Of(component, new Distribution("wolfi", "")).ToString(), Is.EqualTo("pkg:apk/wolfi/musl@1.2-r0?distro=wolfi&upstream=musl-source"));
        }
    }

    [TestCase("pkg:composer/laravel/framework@8.0.0", "composer/laravel/framework", "8.0.0")]
    [TestCase("pkg:conan/zlib@1.2.11", "conan/zlib", "1.2.11")]
    [TestCase("pkg:swift/github.com/vapor/vapor@4", "swift/github.com/vapor/vapor", "4")]
    public void Keeps_a_type_that_is_no_format_of_packages_here(string url, string name, string version)
    {
        var component = new Component { Format = PackageFormat.Other, Name = name, Version = version };
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ComponentUrl.Component(PackageUrl.Parse(url)!), Is.EqualTo(component));
            Assert.That(ComponentUrl.Of(component, new Distribution("debian", "12")).ToString(), Is.EqualTo(url));
        }
    }

    [TestCase("pkg:rpm/x/a@1?epoch=2", "a", "2:1", null, null)]
    [TestCase("pkg:rpm/x/a?epoch=2", "a", "", null, null)]
    [TestCase("pkg:deb/x/a@1?epoch=2", "a", "1", null, null)]
    [TestCase("pkg:deb/x/a@1?upstream=b", "a", "1", "b", null)]
    [TestCase("pkg:deb/x/a@1?upstream=b@2@3", "a", "1", "b", "2@3")]
    public void Reads_what_package_URLs_of_distributions_say(string url, string name, string version, string? source, string? sourceVersion)
    {
        var component = ComponentUrl.Component(PackageUrl.Parse(url)!);
        Assert.That((component.Name, component.Version, component.SourceName, component.SourceVersion), Is.EqualTo((name, version, source, sourceVersion)));
    }

    [TestCase(PackageFormat.Python, "a/b", "pkg:pypi/a%2Fb")]
    [TestCase(PackageFormat.NuGet, "a/b", "pkg:nuget/a%2Fb")]
    [TestCase(PackageFormat.Gem, "a/b", "pkg:gem/a%2Fb")]
    [TestCase(PackageFormat.Crate, "a/b", "pkg:cargo/a%2Fb")]
    [TestCase(PackageFormat.Go, "/b", "pkg:golang/b")]
    [TestCase(PackageFormat.Go, "b", "pkg:golang/b")]
    public void Types_and_names_without_a_namespace_have_none(PackageFormat format, string name, string url) =>
        Assert.That(ComponentUrl.Of(new() { Format = format, Name = name, Version = "" }, null).ToString(), Is.EqualTo(url));

    [Test]
    public void What_is_known_by_a_name_alone_is_generic()
    {
        var component = ComponentUrl.Generic("an app", "1");
        Assert.That((component.Format, component.Name, ComponentUrl.Of(component, null).ToString()), Is.EqualTo((PackageFormat.Other, "generic/an app", "pkg:generic/an%20app@1")));
        Assert.That(ComponentUrl.Of(component with { Name = "app" }, null).ToString(), Is.EqualTo("pkg:generic/app@1"));
        Assert.That(ComponentUrl.Of(component with { Name = "/app" }, null).ToString(), Is.EqualTo("pkg:generic/app@1"));
    }
}
