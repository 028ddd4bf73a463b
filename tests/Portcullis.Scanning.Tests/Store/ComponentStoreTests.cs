using Microsoft.Data.Sqlite;
using Portcullis.Core.Components;
using Portcullis.Scanning.Store;

namespace Portcullis.Scanning.Tests.Store;

[TestFixture]
internal sealed class ComponentStoreTests
{
    private static readonly Component Zlib = new() { Format = PackageFormat.Deb, Name = "zlib1g", Version = "1.2.13", SourceName = "zlib", License = "Zlib" };
    private static readonly Component Flask = new() { Format = PackageFormat.Python, Name = "flask", Version = "2.2.5" };

    private static readonly ImageInventory Image = new()
    {
        Layers = ["sha256:1", "sha256:2"],
        Distribution = new Distribution("debian", "12") { Like = ["x"] },
        Components =
        [
            new LocatedComponent(Zlib, 1, []) { Origin = ComponentOrigin.Content, Distribution = new Distribution("ubuntu", "22.04") },
            new LocatedComponent(Flask, 0, []) { PartOf = Zlib },
        ],
        Problems = [new InventoryProblem(1, "a", "b")],
    };

    private string _folder = "";

    private string File => Path.Combine(_folder, "components.db");

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("ps-store-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void What_is_stored_is_there_again_after_a_restart()
    {
        using (var store = ComponentStore.Open(File))
        {
            store.Add(new LayerInventory { Digest = "sha256:1", Packages = [new PackageFile("var/lib/dpkg/status", [Zlib])] });
            store.Add("sha256:image", Image);
            store.Learn([new KnownContent("ff", Zlib, Image.Distribution)]);
        }

        using var again = ComponentStore.Open(File);
        var image = again.Image("sha256:image")!;
        Assert.That((image.Layers, image.Distribution!.Id, image.Distribution.Like, image.Problems), Is.EqualTo((Image.Layers, "debian", new[] { "x" }, Image.Problems)));
        Assert.That(image.Components.Select(c => (c.Component, c.Layer, c.Origin, c.PartOf, c.Distribution?.Id)), Is.EqualTo(new[]
        {
            (Zlib, 1, ComponentOrigin.Content, (Component?)null, (string?)"ubuntu"), (Flask, 0, ComponentOrigin.Package, Zlib, null),
        }));
        Assert.That(again.Layer("sha256:1")!.Packages.Single().Components.Single(), Is.EqualTo(Zlib));
        Assert.That(((IContentIndex)again).Of("ff").Single().Component, Is.EqualTo(Zlib));
        Assert.That((again.Layer("sha256:3"), again.Image("sha256:other")), Is.EqualTo(((LayerInventory?)null, (ImageInventory?)null)));
    }

    [Test]
    public void The_same_component_of_two_images_is_one_object()
    {
        using var store = ComponentStore.Open(File);
        store.Add("sha256:a", Image);
        store.Add("sha256:b", Image);

        Assert.That(store.Image("sha256:a")!.Components[0].Component, Is.SameAs(store.Image("sha256:b")!.Components[0].Component));
        Assert.That(store.Image("sha256:a")!.Distribution, Is.SameAs(store.Image("sha256:b")!.Distribution));
    }

    [Test]
    public void Images_are_found_by_their_components()
    {
        using var store = ComponentStore.Open(File);
        store.Add("sha256:a", Image);
        store.Add("sha256:b", Image with { Components = [new LocatedComponent(Flask, 0, [])] });

        Assert.That(store.ImagesWith(c => c.Name == "zlib1g"), Is.EquivalentTo(new[] { "sha256:a" }));
        Assert.That(store.ImagesWith(c => c.Name == "flask"), Is.EquivalentTo(new[] { "sha256:a", "sha256:b" }));
        Assert.That(store.ImagesWith(_ => false), Is.Empty);
    }

    [Test]
    public void Layers_go_with_the_last_image_that_has_them()
    {
        using var store = ComponentStore.Open(File);
        store.Add(new LayerInventory { Digest = "sha256:1" });
        store.Add(new LayerInventory { Digest = "sha256:2" });
        store.Add("sha256:a", Image);
        store.Add("sha256:b", Image with { Layers = ["sha256:1"] });

        store.Keep(new HashSet<string>(StringComparer.Ordinal) { "sha256:b" });

        Assert.That((store.Image("sha256:a"), store.HasLayer("sha256:1"), store.HasLayer("sha256:2")), Is.EqualTo(((ImageInventory?)null, true, false)));
    }

    [TestCase("this is no database, and it is longer than the header of one, which has a hundred bytes: so it is read and refused")]
    [TestCase("")]
    public void A_file_that_is_no_store_is_replaced_by_an_empty_one(string content)
    {
        System.IO.File.WriteAllText(File, content);

        using var store = ComponentStore.Open(File);
        store.Add("sha256:a", Image);

        Assert.That(store.Image("sha256:a"), Is.Not.Null);
    }

    [TestCase("CREATE TABLE component (other TEXT)")]
    [TestCase("CREATE TABLE meta (x TEXT); CREATE TABLE layer (x TEXT)")]
    [TestCase("CREATE VIEW image AS SELECT 1")]
    public void A_database_of_other_tables_is_replaced_by_an_empty_one(string schema)
    {
        Execute(schema);

        using var store = ComponentStore.Open(File);
        store.Add("sha256:a", Image);

        Assert.That(store.Image("sha256:a"), Is.Not.Null);
    }

    [TestCase("UPDATE component SET value = 'x' WHERE id = 1")]
    [TestCase("UPDATE component SET value = 'null' WHERE id = 1")]
    [TestCase("UPDATE distribution SET value = '{}' WHERE id = 1")]
    [TestCase("UPDATE component SET id = id + 100")]
    [TestCase("UPDATE distribution SET id = id + 100")]
    [TestCase("UPDATE image SET components = x'01020304'")]
    [TestCase("UPDATE image SET components = 'text'")]
    [TestCase("UPDATE image SET components = x''")]
    [TestCase("UPDATE image SET layers = 'sha256:1'")]
    [TestCase("UPDATE component SET value = replace(value, 'zlib1g', 'zlib1h')")]
    [TestCase("UPDATE image SET problems = '{'")]
    [TestCase("UPDATE image SET distribution = 'x'")]
    [TestCase("UPDATE content SET component = 77")]
    [TestCase("UPDATE layer SET inventory = x'0102030405'")]
    [TestCase("UPDATE layer SET inventory = 'text'")]
    public void What_is_damaged_inside_of_a_store_is_not_known_and_is_stored_again(string damage)
    {
        using (var store = ComponentStore.Open(File))
        {
            Fill(store);
        }

        Execute(damage);
        using var again = ComponentStore.Open(File);

        Assert.That(again.Image("sha256:a")?.Components.Select(c => c.Component), Is.Null.Or.EqualTo(Image.Components.Select(c => c.Component)));
        Assert.That(again.Layer("sha256:1")?.Packages.Count, Is.Null.Or.EqualTo(1));
        Assert.That(((IContentIndex)again).Of("ff").Count, Is.LessThanOrEqualTo(1));
        Assert.DoesNotThrow(() => again.ImagesWith(_ => true));
        Assert.DoesNotThrow(() => again.Images());
        Fill(again);
        Assert.That(again.Image("sha256:a")!.Components.Select(c => c.Component), Is.EqualTo(Image.Components.Select(c => c.Component)));
        Assert.That(again.Layer("sha256:1")!.Packages, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_store_with_bytes_changed_by_chance_never_throws([Range(1, 40)] int seed)
    {
        using (var store = ComponentStore.Open(File))
        {
            Fill(store);
        }

        var bytes = System.IO.File.ReadAllBytes(File);
        var random = new Random(seed);
        for (var i = 0; i < 20; i++)
        {
            bytes[random.Next(100, bytes.Length)] = (byte)random.Next(256);
        }

        System.IO.File.WriteAllBytes(File, bytes);
        Assert.DoesNotThrow(() =>
        {
            using var again = ComponentStore.Open(File);
            var (image, layer) = (again.Image("sha256:a"), again.Layer("sha256:1"));
            Assert.That(image?.Components.Select(c => c.Component), Is.Null.Or.EqualTo(Image.Components.Select(c => c.Component)));
            Assert.That(layer?.Packages.Single().Components.Single(), Is.Null.Or.EqualTo(Zlib));
            _ = (again.Images(), again.ImagesWith(_ => true), ((IContentIndex)again).Of("ff"));
            Fill(again);
            again.Keep(new HashSet<string>(StringComparer.Ordinal) { "sha256:b" });
        });
    }

    private static void Fill(ComponentStore store)
    {
        store.Add(new LayerInventory { Digest = "sha256:1", Packages = [new PackageFile("var/lib/dpkg/status", [Zlib])] });
        store.Add("sha256:a", Image);
        store.Add("sha256:b", Image);
        store.Learn([new KnownContent("ff", Zlib, Image.Distribution)]);
    }

    private void Execute(string text)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
#pragma warning disable CA2100 // the texts are those of this test
        using var command = new SqliteCommand(text, connection);
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    [Test]
    public void A_store_that_is_damaged_while_it_is_open_begins_anew()
    {
        using var store = ComponentStore.Open(File);
        store.AddAll(Enumerable.Range(0, 2000).Select(i => KeyValuePair.Create($"sha256:{i}", Image)));
        using (var file = new FileStream(File, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
        {
            file.Seek(0, SeekOrigin.Begin);
            file.Write(new byte[Math.Min(file.Length, 1 << 20)]);
        }

        System.IO.File.Delete(File + "-wal");

        Assert.DoesNotThrow(() => store.Image("sha256:7"));
    }
}
