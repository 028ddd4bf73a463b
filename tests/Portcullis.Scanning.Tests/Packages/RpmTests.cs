using System.Buffers.Binary;
using Microsoft.Data.Sqlite;
using Portcullis.Scanning.Packages;
using Portcullis.Scanning.Packages.Rpm;
using Portcullis.Scanning.Tests.Layers;
using Portcullis.Testing.Images;

namespace Portcullis.Scanning.Tests.Packages;

internal sealed class RpmTests
{
    private const string Sqlite = "var/lib/rpm/rpmdb.sqlite";

    private RpmFixture? _rpm;

    [OneTimeSetUp]
    public void Build() => _rpm = RpmFixture.Create(parts: 60);

    [OneTimeTearDown]
    public void Delete() => _rpm?.Dispose();

    [Test]
    public async Task A_database_in_SQLite_has_the_packages_that_rpm_says([Values(Sqlite, "usr/lib/sysimage/rpm/rpmdb.sqlite")] string path)
    {
        var layer = await Read.LayerAsync(new LayerArchive().File("usr/bin/hello", [0x7f, .. "ELF"u8]).File(path, File.ReadAllBytes(Rpm.Database)));
        Assert.That(layer.Problems, Is.Empty);
        Assert.That(Read.Names(layer), Is.EquivalentTo(Rpm.Said()));
        Assert.That(layer.Contents.Single().Owner?.Name, Is.EqualTo("hello"));
    }

    [Test]
    public async Task A_package_has_its_source()
    {
        var layer = await Read.LayerAsync(new LayerArchive().File(Sqlite, File.ReadAllBytes(Rpm.Database)));
        var part = layer.Packages.Single().Components.Single(c => c.Name == "hello-part7");
        Assert.That((part.Version, part.SourceName, part.SourceVersion, part.Architecture), Is.EqualTo(("2:1.0-3", "hello", null as string, "noarch")));
    }

    [Test]
    public async Task A_database_in_ndb_has_the_packages_of_its_slots()
    {
        var layer = await Read.LayerAsync(new LayerArchive().File("usr/lib/sysimage/rpm/Packages.db", Ndb(Headers())));
        Assert.That(layer.Problems, Is.Empty);
        Assert.That(Read.Names(layer), Is.EquivalentTo(Rpm.Said()));
    }

    [Test]
    public async Task A_cut_database_is_a_problem_wherever_it_is_cut([Values] bool ndb)
    {
        var bytes = ndb ? Ndb(Headers()) : File.ReadAllBytes(Rpm.Database);
        var path = ndb ? "var/lib/rpm/Packages.db" : Sqlite;
        var whole = Read.Names(await Read.LayerAsync(new LayerArchive().File(path, bytes)));
        for (var length = 1; length < bytes.Length; length += 4999)
        {
            var layer = await Read.LayerAsync(new LayerArchive().File(path, bytes[..length]));
            Assert.That(layer.Problems.Count > 0 || Read.Names(layer).SequenceEqual(whole), $"cut at {length} of {bytes.Length}");
        }
    }

    [Test]
    public void A_damaged_database_is_read_or_a_problem_and_never_an_exception_of_another_kind([Values] bool ndb, [Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        byte[] bytes = [.. ndb ? Ndb(Headers()) : File.ReadAllBytes(Rpm.Database)];
        for (var i = 0; i < 200; i++)
        {
            bytes[random.Next(16, bytes.Length)] = (byte)random.Next(256);
            bytes[random.Next(16, 5000)] = (byte)random.Next(256);
        }

        IPackageReader reader = ndb ? new RpmNdb() : new RpmSqlite();
        try
        {
            reader.Read(new PackageSource("x", bytes, new FileOwners(1000), 1000));
        }
        catch (Scanning.Files.UnreadableFileException)
        {
            Assert.Pass("It says so.");
        }
    }

    [Test]
    public async Task What_is_not_read_of_a_database_is_a_problem_and_an_empty_log_is_none()
    {
        var layer = await Read.LayerAsync(new LayerArchive().File("var/lib/rpm/Packages", "x").File(Sqlite + "-wal", new byte[100]));
        Assert.That(layer.Problems.Select(p => p.Path), Is.EqualTo(["var/lib/rpm/Packages", Sqlite + "-wal"]));
        Assert.That((await Read.LayerAsync(new LayerArchive().File(Sqlite + "-wal", ""))).Problems, Is.Empty);
    }

    private RpmFixture Rpm => _rpm ?? throw new IgnoreException("rpm is not installed here");

    private List<byte[]> Headers()
    {
        using var connection = new SqliteConnection($"Data Source={Rpm.Database};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = new SqliteCommand("SELECT blob FROM Packages", connection);
        using var reader = command.ExecuteReader();
        var headers = new List<byte[]>();
        while (reader.Read())
        {
            headers.Add((byte[])reader[0]);
        }

        return headers;
    }

    // rpm, lib/backend/ndb/rpmpkg.c; Debian's rpm cannot write it.
    private static byte[] Ndb(List<byte[]> headers)
    {
        var file = new byte[4096 + headers.Sum(h => h.Length + 64)];
        "RpmP"u8.CopyTo(file);
        Put(12, 1);
        var at = 4096;
        for (var slot = 32; slot < 4096; slot += 16)
        {
            "Slot"u8.CopyTo(file.AsSpan(slot));
            var index = (slot - 32) / 16;
            if (index >= headers.Count)
            {
                continue;
            }

            Put(slot + 4, index + 1);
            Put(slot + 8, at / 16);
            "BlbS"u8.CopyTo(file.AsSpan(at));
            Put(at + 4, index + 1);
            Put(at + 12, headers[index].Length);
            headers[index].CopyTo(file, at + 16);
            at += (headers[index].Length + 16 + 12 + 15) / 16 * 16;
        }

        return file[..at];

        void Put(int offset, int value) => BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(offset), value);
    }
}
