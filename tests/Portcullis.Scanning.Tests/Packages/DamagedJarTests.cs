using System.Buffers.Binary;
using System.Text;
using Portcullis.Core.Components;
using Portcullis.Scanning.Packages;
using Portcullis.Scanning.Packages.Java;
using Portcullis.Scanning.Tests.Layers;
using Portcullis.Testing.Images;

namespace Portcullis.Scanning.Tests.Packages;

/// <summary>Archives of Java that are damaged, or made to exhaust whoever reads them.</summary>
[NonParallelizable]
internal sealed class DamagedJarTests
{
    private const long MiB = 1 << 20;

    [Test]
    public async Task A_cut_archive_is_a_problem_wherever_it_is_cut([Values] bool asStream, [Values] bool stored)
    {
        var jar = Nested(stored).Bytes(asStream);
        for (var length = 4; length < jar.Length; length++)
        {
            var layer = await LayerAsync(jar[..length]);
            Assert.That(layer.Problems.Select(p => p.Path), Does.Contain("a.jar"), $"cut at {length} of {jar.Length}");
        }
    }

    [Test]
    public async Task A_damaged_archive_is_read_or_a_problem_and_never_an_exception([Values] bool asStream, [Range(1, 100)] int seed)
    {
        var random = new Random(seed);
        var jar = Nested(seed % 2 == 0).Bytes(asStream);
        for (var i = 0; i < 1 + (seed % 7); i++)
        {
            jar[random.Next(4, jar.Length)] = (byte)random.Next(256);
        }

        var layer = await LayerAsync(jar);
        Assert.That(layer.Problems.Select(p => p.Message), Has.None.Contains("not expected"));
    }

    [Test]
    public async Task An_entry_that_the_directory_names_and_that_is_not_there_is_damage()
    {
        var jar = new JarFile().Properties("org.a", "a", "1").Bytes();
        // The name in front of the content is another than that in the directory, by which Java goes.
        var at = jar.AsSpan().IndexOf("pom.properties"u8);
        "pom.propertieX"u8.CopyTo(jar.AsSpan(at));
        Assert.That((await LayerAsync(jar)).Problems.Single().Message, Is.EqualTo("its directory names META-INF/maven/org.a/a/pom.properties, which is not in front of it"));
    }

    [TestCase(18, 1u)]
    [TestCase(18, 0x7fffffffu)]
    [TestCase(18, 0xffffffffu)]
    [TestCase(26, 0xffffffffu)]
    public async Task A_length_that_is_not_true_is_damage(int field, uint length)
    {
        var jar = new JarFile().Properties("org.a", "a", "1").Bytes();
        BinaryPrimitives.WriteUInt32LittleEndian(jar.AsSpan(field), length);
        Assert.That((await LayerAsync(jar)).Problems.Select(p => p.Path), Does.Contain("a.jar"));
    }

    [TestCase(6, 1)]
    [TestCase(8, 12)]
    [TestCase(8, 99)]
    public async Task An_entry_that_Java_cannot_read_is_a_problem(int field, int value)
    {
        var jar = new JarFile().Properties("org.a", "a", "1").Bytes();
        jar[field] = (byte)value;
        Assert.That((await LayerAsync(jar)).Problems.Single().Message, Does.Contain("pom.properties in it: it is encrypted, or compressed in a way"));
    }

    [Test]
    public async Task A_million_entries_are_refused_in_bounded_memory()
    {
        var entry = new byte[31];
        "PK\x03\x04"u8.CopyTo(entry);
        entry[26] = 1;
        entry[30] = (byte)'a';
        var jar = Enumerable.Repeat(entry, 1_000_001).SelectMany(e => e).ToArray();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var layer = await LayerAsync(jar);
        Assert.That(layer.Problems.Single(), Is.EqualTo(new InventoryProblem(0, "a.jar", "it has more than 500000 entries, and the rest was not read")));
        Assert.That((GC.GetTotalMemory(forceFullCollection: true) - before) / MiB, Is.LessThan(8));
        GC.KeepAlive(jar);
    }

    [Test]
    public async Task Hundreds_of_thousands_of_damaged_archives_in_one_are_counted()
    {
        var jar = new JarFile();
        for (var i = 0; i < 2000; i++)
        {
            jar.Add($"{i}.jar", "PK");
        }

        var layer = await LayerAsync(jar.Bytes());
        Assert.That(layer.Problems, Has.Count.EqualTo(21));
        Assert.That(layer.Problems[^1].Message, Is.EqualTo("1980 more of the files in it could not be read"));
    }

    [Test]
    public async Task An_archive_that_swells_without_end_is_refused()
    {
        // 32 MiB of zeros, after the beginning of an archive, in 32 KiB; and a second one for which nothing is left.
        byte[] bomb = [.. "PK\x03\x04"u8, .. new byte[32 * MiB]];
        var jar = new JarFile().Add("b.jar", bomb).Add("c.jar", new JarFile().Properties("org.c", "c", "1").Bytes()).Properties("org.a", "a", "1").Bytes();
        Assert.That(jar, Has.Length.LessThan(1 << 20));
        var source = new PackageSource("a.jar", default, new FileOwners(10), 10);
        var components = await new JarReader(source, new JarBudget(bytes: MiB)).ReadAsync(new MemoryStream(jar), CancellationToken.None);
        Assert.That(components.Select(c => c.Name), Is.EqualTo(["org.a:a"]), "what it says itself is known");
        Assert.That(source.Problems, Has.Count.EqualTo(2));
        Assert.That(source.Problems[0], Is.EqualTo("b.jar in it: it is larger than 1 MiB once decompressed, and the rest was not read"));
        Assert.That(source.Problems[1], Does.StartWith("c.jar in it: "));
    }

    [Test]
    public async Task A_manifest_properties_or_a_model_that_swell_without_end_are_read_up_to_a_bound()
    {
        var manifest = "Bundle-Version: " + new string('1', 10_000_000);
        var properties = "version=" + new string('1', 10_000_000);
        var model = "<project><version>" + new string('1', 10_000_000) + "</version></project>";
        var jar = new JarFile().Manifest(manifest).Add("META-INF/maven/org.a/a/pom.properties", properties).Add("META-INF/maven/org.b/b/pom.xml", model).Bytes();
        Assert.That(Read.Names(await LayerAsync(jar)), Is.EqualTo(["org.a:a ", "org.b:b "]));
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task Signatures_of_descriptors_that_are_none_are_passed_in_linear_time()
    {
        var content = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat("PK\x07\x08", 4_000_000)));
        var jar = new JarFile().Add("x", content, stored: true).Properties("org.a", "a", "1").Bytes();
        // As if its length came after it: the flag is set and the lengths are taken away.
        jar[6] |= 8;
        jar.AsSpan(18, 8).Clear();
        Assert.That((await LayerAsync(jar)).Problems.Select(p => p.Path), Is.EqualTo(["a.jar"]));
    }

    private static JarFile Nested(bool stored) => new JarFile().Manifest("Implementation-Version: 1").Properties("org.a", "a", "1")
        .Add("lib/b.jar", new JarFile().Properties("org.b", "b", "1").Add("B.class", new byte[300]).Bytes(), stored).Model("org.a", "a", "<licenses/>");

    private static Task<LayerInventory> LayerAsync(byte[] jar) => Read.LayerAsync(new LayerArchive().File("a.jar", jar));
}
