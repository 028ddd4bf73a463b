using System.Diagnostics;
using System.Formats.Tar;
using Portcullis.Core.Components;
using Portcullis.Scanning.Images;
using Portcullis.Testing.Images;
using Portcullis.Testing.Registries;

namespace Portcullis.Scanning.Tests.Images;

internal sealed class StoredImagesTests
{
    private const string Type = "application/vnd.oci.image.layer.v1.tar";

    private string _folder = "";

    [SetUp]
    public void Create() => _folder = Directory.CreateTempSubdirectory("portcullis-images-").FullName;

    [TearDown]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task An_image_is_the_same_in_a_layout_in_its_archive_and_as_docker_saves_it()
    {
        var layout = Path.Combine(_folder, "layout");
        LayoutFolder.Write(layout, ("1.0", Image("amd64", "bash 5")));
        TarFile.CreateFromDirectory(layout, Path.Combine(_folder, "layout.tar"), includeBaseDirectory: false);
        Skopeo($"oci:{layout}:1.0", $"docker-archive:{_folder}/saved.tar:example.org/app:1.0");
        Skopeo($"oci:{layout}:1.0", $"oci-archive:{_folder}/archive.tar:1.0");
        foreach (var place in new[] { layout, layout + ".tar", Path.Combine(_folder, "saved.tar"), Path.Combine(_folder, "archive.tar") })
        {
            Assert.That(await NamesAsync(place, "1.0", null), Is.EqualTo(["bash 5 @1"]), place);
        }
    }

    [Test]
    public async Task Of_an_index_the_image_of_the_platform_is_taken_and_all_on_request()
    {
        LayoutFolder.Write(_folder, ("1.0", ImageBuilder.Index(Image("amd64", "bash 5"), Image("arm64", "bash 6"), Image("unknown", "bash 7"))));
        Assert.That(await NamesAsync(_folder, null, ScanPlatform.Default), Is.EqualTo(["bash 5 @1"]));
        Assert.That(await NamesAsync(_folder, null, new("linux", "arm64")), Is.EqualTo(["bash 6 @1"]));
        Assert.That(await NamesAsync(_folder, null, null), Is.EqualTo(["bash 5 @1", "bash 6 @1"]));
        Assert.That(async () => await NamesAsync(_folder, null, new("linux", "s390x")), Throws.TypeOf<ImageInputException>().With.Message.Contains("linux/amd64, linux/arm64"));
    }

    [Test]
    public async Task An_image_alone_is_taken_whatever_it_is_for_unless_a_platform_was_asked_for()
    {
        LayoutFolder.Write(_folder, ("1.0", Image("arm64", "bash 5")));
        Assert.That(await NamesAsync(_folder, null, ScanPlatform.Default), Is.EqualTo(["bash 5 @1"]));
        await using var store = await ImageStores.OpenAsync(_folder, CancellationToken.None);
        Assert.That(async () => await StoredImages.FindAsync(store, null, ScanPlatform.Default, strict: true, CancellationToken.None), Throws.TypeOf<ImageInputException>());
    }

    [Test]
    public void A_blob_whose_content_is_another_is_refused([Values(0, 1)] int blob)
    {
        var image = Image("amd64", "bash 5");
        LayoutFolder.Write(_folder, ("1.0", image));
        var path = Path.Combine(_folder, "blobs", "sha256", Clients.Registry.ContentDigest.Of(image.Blobs[blob == 0 ? 0 : ^1])["sha256:".Length..]);
        var bytes = File.ReadAllBytes(path);
        bytes[20] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.That(async () => await NamesAsync(_folder, null, null), Throws.TypeOf<ImageInputException>().With.Message.Contains("another than its digest says"));
    }

    [Test]
    public async Task A_layer_that_is_not_there_makes_the_image_incomplete()
    {
        var image = Image("amd64", "bash 5");
        LayoutFolder.Write(_folder, ("1.0", image));
        File.Delete(Path.Combine(_folder, "blobs", "sha256", Clients.Registry.ContentDigest.Of(image.Blobs[0])["sha256:".Length..]));
        Assert.That((await InventoriesAsync(_folder, null, null)).Single().Problems[0].Message, Does.Contain("its blob is not there"));
    }

    [Test]
    public void What_is_no_image_is_refused_and_says_what_it_is()
    {
        Assert.That(async () => await ImageStores.OpenAsync(_folder, CancellationToken.None), Throws.TypeOf<ImageInputException>().With.Message.Contains("no OCI layout"));
        var file = Path.Combine(_folder, "x.tar.gz");
        File.WriteAllBytes(file, LayerArchive.Gzip(new LayerArchive().File("a", "b").ToTar()));
        Assert.That(async () => await ImageStores.OpenAsync(file, CancellationToken.None), Throws.TypeOf<ImageInputException>().With.Message.Contains("decompressed first"));
        LayoutFolder.Write(_folder, ("1.0", new ImageBuilder().WithLayer([1, 2, 3], "text/plain").BuildReferrer(Image("amd64", "a 1").Manifest, "application/x-sbom")));
        Assert.That(async () => await NamesAsync(_folder, null, null), Throws.TypeOf<ImageInputException>().With.Message.Contains("application/x-sbom"));
        Assert.That(async () => await NamesAsync(_folder, "2.0", null), Throws.TypeOf<ImageInputException>().With.Message.Contains("2.0"));
    }

    [TestCase("""{"manifests":[null]}""", "null")]
    [TestCase("""{"manifests":[{"digest":null}]}""", "is no digest")]
    [TestCase("""{"manifests":null}""", "no image")]
    [TestCase("null", "is empty")]
    public void An_index_with_nothing_where_something_should_be_is_refused(string index, string message)
    {
        LayoutFolder.Write(_folder, ("1.0", Image("amd64", "bash 5")));
        File.WriteAllText(Path.Combine(_folder, "index.json"), index);
        Assert.That(async () => await NamesAsync(_folder, null, null), Throws.TypeOf<ImageInputException>().With.Message.Contains(message));
    }

    [TestCase("""[null]""", "null")]
    [TestCase("""[{"Config":null}]""", "has no ")]
    [TestCase("""[{"Config":"c.json","Layers":null}]""", "names 1 layers, manifest.json 0")]
    [TestCase("""[{"Config":"c.json","Layers":[null]}]""", "null")]
    [TestCase("""[{"Config":"c.json","RepoTags":[null],"Layers":["l"]}]""", "null")]
    public void A_saved_archive_with_nothing_where_something_should_be_is_refused(string manifest, string message)
    {
        var file = Path.Combine(_folder, "saved.tar");
        File.WriteAllBytes(file, new LayerArchive().File("manifest.json", manifest).File("c.json", $$$"""{"rootfs":{"diff_ids":["sha256:{{{new string('a', 64)}}}"]}}""").ToTar());
        Assert.That(async () => await NamesAsync(file, null, null), Throws.TypeOf<ImageInputException>().With.Message.Contains(message));
    }

    private static BuiltImage Image(string architecture, string package)
    {
        var parts = package.Split(' ');
        var status = $"Package: {parts[0]}\nStatus: install ok installed\nVersion: {parts[1]}\n";
        return new ImageBuilder().For(architecture == "unknown" ? "unknown" : "linux", architecture).WithLayer(new LayerArchive().File("etc/os-release", "ID=debian\nVERSION_ID=12\n").ToTar(), Type)
            .WithLayer(new LayerArchive().File("var/lib/dpkg/status", status).ToTar(), Type).WithHistory("COPY a").WithHistory("RUN b").Build();
    }

    private static async Task<List<ImageInventory>> InventoriesAsync(string place, string? tag, ScanPlatform? platform)
    {
        await using var store = await ImageStores.OpenAsync(place, CancellationToken.None);
        var inventories = new List<ImageInventory>();
        foreach (var image in await StoredImages.FindAsync(store, tag, platform, strict: false, CancellationToken.None))
        {
            inventories.Add(ImageMerge.Of(await StoredImageReader.ReadAsync(store, image, _ => { }, CancellationToken.None), NoContents.Instance));
        }

        return inventories;
    }

    private static async Task<List<string>> NamesAsync(string place, string? tag, ScanPlatform? platform) =>
        [.. (await InventoriesAsync(place, tag, platform)).SelectMany(i => i.Components).Select(c => $"{c.Component.Name} {c.Component.Version} @{c.Layer}")];

    private static void Skopeo(string from, string to)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("skopeo", ["--insecure-policy", "copy", "-q", from, to]) { RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.That(process.ExitCode, Is.Zero, errors);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore("skopeo is not installed here");
        }
    }
}
