using Portcullis.Core.Components;

namespace Portcullis.Core.Tests.Components;

internal sealed class ImageMergeTests
{
    private const string Status = "var/lib/dpkg/status";

    [Test]
    public void A_file_of_a_higher_layer_replaces_the_one_below_and_what_both_name_came_with_the_lower()
    {
        var image = Merge(Layer(Packages(Status, "libc6 1", "bash 1")), Layer(Packages(Status, "libc6 1", "bash 2", "curl 1")));
        Assert.That(Said(image), Is.EqualTo(["libc6 1 @0", "bash 2 @1", "curl 1 @1"]));
    }

    [Test]
    public void What_was_away_for_a_layer_came_with_the_later_one()
    {
        var image = Merge(Layer(Packages(Status, "curl 1")), Layer(Packages(Status)), Layer(Packages(Status, "curl 1")));
        Assert.That(Said(image), Is.EqualTo(["curl 1 @2"]));
    }

    [Test]
    public void A_whiteout_takes_a_file_and_all_below_a_directory_away_and_nothing_beside_them()
    {
        var below = Layer(Packages("opt/a/x.dist-info/METADATA", "a 1"), Packages("opt/ab/x.dist-info/METADATA", "ab 1"), Packages("opt/b", "b 1"));
        Assert.That(Said(Merge(below, Layer() with { Removed = ["opt/a", "opt/b"] })), Is.EqualTo(["ab 1 @0"]));
        Assert.That(Said(Merge(below, Layer() with { Removed = ["opt"] })), Is.Empty);
    }

    [Test]
    public void An_opaque_directory_hides_what_is_below_it_in_lower_layers_and_not_what_its_own_layer_has()
    {
        var image = Merge(Layer(Packages("opt/a/x", "a 1"), Packages("srv/x", "s 1")), Layer(Packages("opt/c/x", "c 1")) with { Opaque = ["opt"] });
        Assert.That(Said(image), Is.EqualTo(["s 1 @0", "c 1 @1"]));
        Assert.That(Said(Merge(Layer(Packages("opt/a/x", "a 1")), Layer() with { Opaque = [""] })), Is.Empty);
    }

    [Test]
    public void A_file_takes_the_place_of_a_directory_and_a_directory_that_of_a_file()
    {
        Assert.That(Said(Merge(Layer(Packages("app/x", "a 1")), Layer(Packages("app", "b 1")))), Is.EqualTo(["b 1 @1"]));
        Assert.That(Said(Merge(Layer(Packages("app", "a 1")), Layer(Packages("app/x", "b 1")))), Is.EqualTo(["b 1 @1"]));
    }

    [Test]
    public void A_program_that_names_nothing_takes_the_place_of_one_that_does()
    {
        var image = Merge(Layer(Packages("usr/bin/tool", "example.org/tool 1")), Layer() with { Contents = [new("usr/bin/tool", "aa")] });
        Assert.That(Said(image), Is.Empty);
    }

    [Test]
    public void A_component_of_several_files_is_one_of_the_lowest_layer()
    {
        var image = Merge(Layer(Packages("b/x", "a 1")), Layer(Packages("a/x", "a 1")));
        Assert.That(Said(image), Is.EqualTo(["a 1 @0"]));
        Assert.That(image.Components[0].Paths, Is.EqualTo(["a/x", "b/x"]));
    }

    [Test]
    public void The_distribution_is_that_of_the_highest_layer_that_names_one_and_is_not_forgotten_when_its_file_goes()
    {
        var image = Merge(Layer(Packages(Status, "a 1")) with { Distribution = new("debian", "11") }, Layer() with { Distribution = new("debian", "12") }, Layer() with { Removed = ["etc"] });
        Assert.That(image.Distribution, Is.EqualTo(new Distribution("debian", "12")));
        Assert.That(image.IsComplete);
    }

    [Test]
    public void Packages_of_an_unknown_distribution_make_the_image_incomplete()
    {
        var image = Merge(Layer(Packages(Status, "a 1")));
        Assert.That(image.Problems.Single().Path, Is.EqualTo(Status));
    }

    [Test]
    public void A_problem_is_that_of_its_layer_and_goes_with_its_file_but_not_with_its_layer()
    {
        var broken = Layer() with { Problems = [new(0, "opt/x", "broken"), new(0, "", "cut")] };
        Assert.That(Merge(Layer(), broken).Problems.Select(p => (p.Layer, p.Path)), Is.EqualTo([(1, "opt/x"), (1, "")]));
        Assert.That(Merge(Layer(), broken, Layer() with { Removed = ["opt"] }).Problems.Select(p => p.Path), Is.EqualTo([""]));
        Assert.That(Merge(Layer(), broken, Layer() with { Packages = [new("opt/x", [])] }).Problems.Select(p => p.Path), Is.EqualTo([""]));
    }

    [Test]
    public void A_layer_or_file_that_could_not_be_read_is_a_problem_of_every_image_that_shows_it()
    {
        var broken = Layer() with { Problems = [new(0, "opt/x", "damaged"), new(0, "", "damaged")] };
        Assert.That(Merge(broken, Layer() with { Packages = [new("srv/x", [])] }).Problems.Select(p => p.Path), Is.EqualTo(["opt/x", ""]));
        Assert.That(Merge(broken, Layer() with { Opaque = [""] }).Problems.Select(p => p.Path), Is.EqualTo([""]), "nobody can tell what a layer that was not read would hide");
    }

    [Test]
    public void A_licence_in_the_place_of_a_directory_takes_it_away()
    {
        var below = Layer(Packages("usr/share/doc/a/x.dist-info/METADATA", "x 1"));
        Assert.That(Said(Merge(below, Layer() with { Licenses = [new("usr/share/doc/a", "a", null) { SameAs = "b" }] })), Is.Empty);
    }

    [Test]
    public void A_package_has_the_licence_of_its_copyright_file_in_whichever_layer_also_by_a_link()
    {
        var installed = Layer(Packages(Status, "libc6 1", "libc-bin 1", "odd 1")) with
        {
            Licenses = [new("usr/share/doc/libc6/copyright", "libc6", "LGPL-2.1-or-later"), new("usr/share/doc/libc-bin", "libc-bin", null) { SameAs = "libc6" }, new("usr/share/doc/odd", "odd", null) { SameAs = "odd" }],
        };
        var image = Merge(installed, Layer(Packages(Status, "libc6 1", "libc-bin 1", "odd 1", "new 1")));
        Assert.That(image.Components.Select(c => (c.Component.Name, c.Component.License)),
            Is.EqualTo([("libc-bin", "LGPL-2.1-or-later"), ("libc6", "LGPL-2.1-or-later"), ("odd", null), ("new", null)]));
    }

    [Test]
    public void A_file_that_was_only_touched_is_still_the_packages_and_one_of_another_version_is_not()
    {
        var owner = Deb("python3-x 1");
        var below = Layer(Packages("x.dist-info/METADATA", "x 1") with { Owner = owner });
        Assert.That(Merge(below, Layer(Packages("x.dist-info/METADATA", "x 1"))).Components.Single().PartOf, Is.EqualTo(owner));
        Assert.That(Merge(below, Layer(Packages("x.dist-info/METADATA", "x 2"))).Components.Single().PartOf, Is.Null);
        Assert.That(Merge(below, Layer(Packages("y.dist-info/METADATA", "x 1"))).Components.Single().PartOf, Is.Null);
    }

    [Test]
    public void The_components_of_a_layer_are_in_the_order_of_format_name_version_and_architecture()
    {
        var npm = new Component { Format = PackageFormat.Npm, Name = "a", Version = "1" };
        Component[] wanted = [Deb("a 1") with { Architecture = "amd64" }, Deb("a 1") with { Architecture = "arm64" }, Deb("a 2"), Deb("b 1"), npm, npm with { Name = "b" }];
        var image = Merge(Layer(new PackageFile("x", [.. wanted.Reverse()])), Layer(Packages("y", "a 0")));
        Assert.That(image.Components.Select(c => c.Component), Is.EqualTo([.. wanted, Deb("a 0")]));
        Assert.That(image.Layers, Is.EqualTo(["sha256:x", "sha256:x"]));
    }

    [Test]
    public void The_licence_that_one_of_the_files_states_is_the_components()
    {
        var (none, mit, isc) = (Deb("a 1"), Deb("a 1") with { License = "MIT" }, Deb("a 1") with { License = "ISC" });
        var copyright = new LicenseFile("usr/share/doc/a/copyright", "a", "Zlib");
        string? License(PackageFormat format, params Component[] said) =>
            Merge(Layer([.. said.Select((c, i) => new PackageFile($"p{i}", [c with { Format = format }]))]) with { Licenses = [copyright] }).Components.Single().Component.License;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((License(PackageFormat.Deb, none, mit, isc), License(PackageFormat.Deb, none, none)), Is.EqualTo(("MIT", "Zlib")));
            Assert.That((License(PackageFormat.Npm, none), License(PackageFormat.Npm, none, isc)), Is.EqualTo(((string?)null, "ISC")));
        }
    }

    [Test]
    public void A_licence_goes_with_its_file_and_a_link_in_its_place_counts()
    {
        var installed = Layer(Packages(Status, "a 1")) with { Licenses = [new("usr/share/doc/a/copyright", "a", "MIT")] };
        Assert.That(Merge(installed, Layer() with { Removed = ["usr/share/doc"] }).Components.Single().Component.License, Is.Null);
        Assert.That(Merge(installed, Layer() with { Licenses = [new("usr/share/doc/a", "a", "ISC")] }).Components.Single().Component.License, Is.EqualTo("ISC"));
        var twice = Layer(Packages(Status, "a 1")) with { Licenses = [new("usr/share/doc/a/z", "a", "ISC"), new("usr/share/doc/a/copyright", "a", "MIT")] };
        Assert.That(Merge(twice).Components.Single().Component.License, Is.EqualTo("MIT"));
    }

    [Test]
    public void A_licence_is_found_by_four_links_and_not_by_five()
    {
        LicenseFile[] links = [.. Enumerable.Range(0, 5).Select(i => new LicenseFile($"usr/share/doc/p{i}", $"p{i}", null) { SameAs = $"p{i + 1}" }), new("usr/share/doc/p5/copyright", "p5", "MIT")];
        var image = Merge(Layer(Packages(Status, "p0 1", "p1 1")) with { Licenses = links });
        Assert.That(image.Components.Select(c => c.Component.License), Is.EqualTo([null, "MIT"]));
    }

    [Test]
    public void A_file_that_another_package_has_now_is_that_packages()
    {
        var (one, other) = (Deb("python3-x 1"), Deb("python3-x 2"));
        var below = Layer(Packages("x.dist-info/METADATA", "x 1") with { Owner = one });
        Assert.That(Merge(below, Layer(Packages("x.dist-info/METADATA", "x 1") with { Owner = other })).Components.Single().PartOf, Is.EqualTo(other));
        Assert.That(Merge(below, Layer(Packages("x.dist-info/METADATA", "x 1", "y 1"))).Components.Select(c => c.PartOf), Is.EqualTo(new Component?[] { null, null }), "it names something else too");
        Assert.That(Merge(Layer(Packages("a", "x 1") with { Owner = one }, Packages("b", "x 1"))).Components.Single().PartOf, Is.Null);
        Assert.That(Merge(Layer(new PackageFile("a", [Deb("x 1"), Deb("x 1")]) { Owner = one })).Components.Single().Paths, Is.EqualTo(["a"]));
    }

    [TestCase(PackageFormat.Deb, true)]
    [TestCase(PackageFormat.Apk, true)]
    [TestCase(PackageFormat.Rpm, true)]
    [TestCase(PackageFormat.Npm, false)]
    public void Packages_of_a_distribution_are_those_of_its_package_managers(PackageFormat format, bool isOne)
    {
        Assert.That(ImageMerge.IsOfDistribution(format), Is.EqualTo(isOne));
        var image = Merge(Layer(new PackageFile("a", [new() { Format = PackageFormat.Npm, Name = "n", Version = "1" }]), new PackageFile("b", [new() { Format = format, Name = "x", Version = "1" }]), new PackageFile("c", [new() { Format = format, Name = "y", Version = "1" }])));
        Assert.That(image.Problems.Select(p => p.Path), Is.EqualTo(isOne ? ["b"] : Array.Empty<string>()));
    }

    private static ImageInventory Merge(params LayerInventory[] layers) => ImageMerge.Of(layers, NoContents.Instance);

    private static LayerInventory Layer(params PackageFile[] files) => new() { Digest = "sha256:x", Packages = files };

    private static PackageFile Packages(string path, params string[] components) => new(path, [.. components.Select(Deb)]);

    private static Component Deb(string text) => new() { Format = PackageFormat.Deb, Name = text.Split(' ')[0], Version = text.Split(' ')[1] };

    private static List<string> Said(ImageInventory image) => [.. image.Components.Select(c => $"{c.Component.Name} {c.Component.Version} @{c.Layer}")];
}
