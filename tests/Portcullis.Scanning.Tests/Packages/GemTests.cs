using Portcullis.Core.Components;
using Portcullis.Scanning.Packages;
using Portcullis.Scanning.Tests.Layers;
using Portcullis.Testing.Images;

namespace Portcullis.Scanning.Tests.Packages;

internal sealed class GemTests
{
    // As RubyGems writes it; the beginning of that of rack in Debian 12.
    private const string Rack = """
        # -*- encoding: utf-8 -*-
        # stub: rack 2.2.22 ruby lib

        Gem::Specification.new do |s|
          s.name = "rack".freeze
          s.version = "2.2.22"

          s.required_rubygems_version = Gem::Requirement.new(">= 0".freeze) if s.respond_to? :required_rubygems_version=
          s.metadata = { "name" => "other" } if s.respond_to? :metadata=
          s.description = "Rack provides a minimal\nweb applications".freeze
          s.licenses = ["MIT".freeze]
          s.rubygems_version = "3.3.15".freeze
          s.installed_by_version = "3.3.15" if s.respond_to? :installed_by_version
        end
        """;

    [TestCase("usr/local/bundle/specifications/rack-2.2.22.gemspec")]
    [TestCase("usr/lib/ruby/gems/3.1.0/specifications/default/rack-2.2.22.gemspec")]
    [TestCase("specifications/rack-2.2.22.gemspec")]
    public async Task An_installed_gem_has_the_name_version_and_licence_of_its_specification(string path)
    {
        var layer = await Read.LayerAsync(new LayerArchive().File(path, Rack));
        Assert.That(layer.Packages.Single().Components, Is.EqualTo([new Component { Format = PackageFormat.Gem, Name = "rack", Version = "2.2.22", License = "MIT" }]));
    }

    [TestCase("usr/local/bundle/gems/rack-2.2.22/rack.gemspec")]
    [TestCase("app/my-specifications/rack.gemspec")]
    [TestCase("app/specifications/rack.gemspec.bak")]
    [TestCase("rack.gemspec")]
    public void The_specification_that_a_gem_was_built_by_is_not_one_that_is_installed(string path) => Assert.That(PackageReaders.For(path), Is.Null);

    [TestCase("  s.name = %q{old}\n  s.version = '1.0'\n", "old 1.0 ")]
    [TestCase("  s.name = 'old'\n  s.version = Gem::Version.new(\"1.0\")\n  s.license = 'Ruby'\n", "old 1.0 Ruby")]
    [TestCase("  spec.name=\"old\"\n\tspec.version   = \"1.0.pre1\"\r\n  spec.licenses = [\"Ruby\".freeze, \"BSD-2-Clause\".freeze]", "old 1.0.pre1 Ruby OR BSD-2-Clause")]
    [TestCase("# stub: old 2.0 x86_64-linux lib\n  s.name = \"new\"\n  s.version = \"1.0\"", "old 2.0 ")]
    [TestCase("# stub: old\n", null)]
    [TestCase("s.name = \"\"\ns.version = \"1\"\n", null)]
    [TestCase("s.name = \"x\n", null)]
    [TestCase("", null)]
    [TestCase("\0\u00ff", null)]
    public async Task A_specification_that_names_no_gem_is_a_problem(string text, string? component)
    {
        var layer = await Read.LayerAsync(new LayerArchive().File("specifications/x.gemspec", text));
        Assert.That(layer.Packages.SelectMany(p => p.Components).Select(c => $"{c.Name} {c.Version} {c.License}").SingleOrDefault(), Is.EqualTo(component));
        Assert.That(layer.Problems.Select(p => p.Path), Is.EqualTo(component is null ? ["specifications/x.gemspec"] : Array.Empty<string>()));
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task A_specification_of_millions_of_quotes_is_read_in_linear_time()
    {
        var text = "s.name = \"x\"\ns.version = \"1\"\ns.licenses = [" + string.Concat(Enumerable.Repeat("\"a\",", 5_000_000)) + "\n" + string.Concat(Enumerable.Repeat("s.name = '\n", 1_000_000));
        Assert.That(Read.Names(await Read.LayerAsync(new LayerArchive().File("specifications/x.gemspec", text))), Is.EqualTo(["x 1"]));
    }

    [Test]
    public async Task A_gem_of_a_package_of_the_distribution_is_part_of_it()
    {
        var image = await Read.ImageAsync(new LayerArchive().File("etc/os-release", "ID=debian\nVERSION_ID=12\n")
            .File("var/lib/dpkg/info/ruby-rack.list", "/usr/share/rubygems-integration/all/specifications/rack-2.2.22.gemspec\n")
            .File("var/lib/dpkg/status", "Package: ruby-rack\nStatus: install ok installed\nArchitecture: all\nVersion: 2.2.22-0+deb12u2\n")
            .File("usr/share/rubygems-integration/all/specifications/rack-2.2.22.gemspec", Rack));
        Assert.That(image.Components.Single(c => c.Component.Format == PackageFormat.Gem).PartOf?.Name, Is.EqualTo("ruby-rack"));
    }
}
