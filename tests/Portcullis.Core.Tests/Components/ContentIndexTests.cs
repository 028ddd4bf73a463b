using Portcullis.Core.Components;

namespace Portcullis.Core.Tests.Components;

internal sealed class ContentIndexTests
{
    private static readonly Distribution Debian = new("debian", "12");

    private static readonly Component Ssl = new() { Format = PackageFormat.Deb, Name = "libssl3", Version = "3.0.11-1", Architecture = "amd64" };

    [Test]
    public void A_renamed_copy_of_a_known_library_is_found_with_the_distribution_whose_advisories_are_about_it()
    {
        var image = ImageMerge.Of([Layer(new FileContent("app/lib/mine.so", "aa"))], Index(new KnownContent("aa", Ssl, Debian)));
        var found = image.Components.Single();
        Assert.That((found.Component, found.Origin, found.Distribution, found.Layer), Is.EqualTo((Ssl, ComponentOrigin.Content, Debian, 0)));
        Assert.That(found.Paths, Is.EqualTo(["app/lib/mine.so"]));
        Assert.That(image.IsComplete);
    }

    [Test]
    public void The_packages_own_file_is_no_copy_and_neither_is_one_of_a_package_that_is_there_anyway()
    {
        var layer = Installed(Ssl) with { Contents = [new("usr/lib/libssl.so.3", "aa") { Owner = Ssl }, new("opt/libssl.so.3", "aa")] };
        var image = ImageMerge.Of([layer], Index(new KnownContent("aa", Ssl, Debian), new KnownContent("aa", Ssl with { Version = "3.0.9-1" }, Debian)));
        Assert.That(image.Components.Select(c => c.Origin), Is.EqualTo([ComponentOrigin.Package]));
    }

    [Test]
    public void A_copy_of_a_library_that_the_image_once_had_is_found_without_an_index()
    {
        var fixedSsl = Ssl with { Version = "3.0.13-1" };
        var below = Installed(Ssl) with { Contents = [new("usr/lib/libssl.so.3", "aa") { Owner = Ssl }, new("opt/copy.so", "aa")] };
        var above = Installed(fixedSsl) with { Contents = [new("usr/lib/libssl.so.3", "bb") { Owner = fixedSsl }] };
        var image = ImageMerge.Of([below, above], NoContents.Instance);
        Assert.That(image.Components.Select(c => (c.Component.Version, c.Origin)), Is.EqualTo([("3.0.11-1", ComponentOrigin.Content), ("3.0.13-1", ComponentOrigin.Package)]));
    }

    [Test]
    public void Programs_of_packages_whose_database_was_taken_away_are_found_by_their_content()
    {
        var below = Installed(Ssl) with { Contents = [new("usr/lib/libssl.so.3", "aa") { Owner = Ssl }, new("usr/lib/gone.so", "aa") { Owner = Ssl }] };
        var image = ImageMerge.Of([below, new() { Digest = "sha256:y", Removed = ["var/lib/dpkg", "usr/lib/gone.so"] }], NoContents.Instance);
        var found = image.Components.Single();
        Assert.That((found.Component, found.Origin, found.Distribution, found.Layer), Is.EqualTo((Ssl, ComponentOrigin.Content, (Distribution?)null, 0)));
        Assert.That(found.Paths, Is.EqualTo(["usr/lib/libssl.so.3"]), "a file that is gone too is no copy");
    }

    [Test]
    public void A_package_of_several_copies_is_found_once_in_the_lowest_layer_with_all_its_files()
    {
        var image = ImageMerge.Of([Layer(new FileContent("b", "aa")), Layer(new FileContent("a", "bb"))], Index(new("aa", Ssl, Debian), new("aa", Ssl, Debian), new("bb", Ssl, Debian)));
        var found = image.Components.Single();
        Assert.That((found.Layer, found.Paths), Is.EqualTo((0, new[] { "a", "b" })));
    }

    [Test]
    public void A_copy_of_a_package_of_two_distributions_is_one_of_each_in_their_order()
    {
        Distribution[] others = [new("ubuntu", "24.04"), new("debian", "13"), new("debian", "11")];
        var layer = Layer(new FileContent("a", "aa")) with { Distribution = Debian };
        var image = ImageMerge.Of([layer], Index([new("aa", Ssl, Debian), .. others.Select(o => new KnownContent("aa", Ssl, o))]));
        Assert.That(image.Components.Select(c => c.Distribution), Is.EqualTo(new[] { null, others[2], others[1], others[0] }));
    }

    [Test]
    public void What_is_in_the_image_anyway_is_not_found_beside_an_older_one()
    {
        var old = Ssl with { Version = "3.0.9-1" };
        var layer = Installed(Ssl) with { Contents = [new("opt/copy.so", "aa")] };
        var image = ImageMerge.Of([layer], Index(new KnownContent("aa", Ssl, Debian), new KnownContent("aa", old, Debian)));
        Assert.That(image.Components.Select(c => (c.Component.Version, c.Origin)), Is.EqualTo([("3.0.11-1", ComponentOrigin.Package), ("3.0.9-1", ComponentOrigin.Content)]));
    }

    [Test]
    public void A_layer_without_an_os_release_teaches_with_that_of_the_layers_below()
    {
        LayerInventory[] layers = [Installed(Ssl), Layer(new FileContent("a", "aa") { Owner = Ssl }), Layer(new FileContent("b", "bb") { Owner = Ssl with { Format = PackageFormat.Apk } }), Layer(new FileContent("c", "cc") { Owner = Ssl with { Format = PackageFormat.Rpm } })];
        Assert.That(ImageMerge.Learn(layers).Select(k => k.Distribution), Is.EqualTo(new[] { Debian, Debian, Debian }));
    }

    [Test]
    public void An_image_teaches_the_files_of_its_packages_with_its_distribution()
    {
        var python = new Component { Format = PackageFormat.Python, Name = "numpy", Version = "2" };
        var layer = Installed(Ssl) with { Contents = [new("a", "aa") { Owner = Ssl }, new("b", "bb"), new("c", "cc") { Owner = python }, new("d", "aa") { Owner = Ssl }] };
        Assert.That(ImageMerge.Learn([layer]), Is.EquivalentTo([new KnownContent("aa", Ssl, Debian), new KnownContent("cc", python, null)]));
    }

    [Test]
    public void What_is_learned_never_takes_a_component_away([Range(1, 100)] int seed)
    {
        var random = new Random(seed);
        var layers = Enumerable.Range(0, 3).Select(_ => Chance(random)).ToList();
        var few = Enumerable.Range(0, 3).Select(_ => Known(random)).ToArray();
        var more = few.Append(Known(random)).ToArray();
        var before = ImageMerge.Of(layers, Index(few)).Components.Select(c => (c.Component, c.Origin, c.Distribution));
        var after = ImageMerge.Of(layers, Index(more)).Components.Select(c => (c.Component, c.Origin, c.Distribution));
        Assert.That(before, Is.SubsetOf(after));
    }

    private static LayerInventory Chance(Random random)
    {
        var packages = Enumerable.Range(0, random.Next(3)).Select(i => new PackageFile($"p{i}", [Some(random)])).ToList();
        return new()
        {
            Digest = "sha256:x",
            Distribution = random.Next(2) == 0 ? Debian : null,
            Packages = packages,
            Contents = [.. Enumerable.Range(0, random.Next(3)).Select(i => new FileContent($"c{i}", $"{random.Next(4)}") { Owner = random.Next(2) == 0 ? Some(random) : null })],
            Removed = random.Next(4) == 0 ? [$"c{random.Next(3)}"] : [],
        };
    }

    private static KnownContent Known(Random random) => new($"{random.Next(4)}", Some(random), random.Next(2) == 0 ? Debian : null);

    private static Component Some(Random random) => Ssl with { Name = $"n{random.Next(3)}", Version = $"{random.Next(2)}" };

    private static LayerInventory Installed(Component component) =>
        new() { Digest = "sha256:x", Distribution = Debian, Packages = [new("var/lib/dpkg/status", [component])] };

    private static LayerInventory Layer(params FileContent[] contents) => new() { Digest = "sha256:x", Contents = contents };

    private static ListIndex Index(params KnownContent[] contents) => new(contents);

    private sealed class ListIndex(KnownContent[] contents) : IContentIndex
    {
        public IReadOnlyList<KnownContent> Of(string sha256) => [.. contents.Where(c => c.Sha256 == sha256)];
    }
}
