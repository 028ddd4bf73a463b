using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using Portcullis.Scanning.Packages.Go;
using Portcullis.Scanning.Tests.Layers;
using Portcullis.Testing.Images;

namespace Portcullis.Scanning.Tests.Packages;

internal sealed class GoTests
{
    private const string Frame = "0123456789abcdef";

    private const string Modules =
        "path\texample.org/tool\nmod\texample.org/tool\t(devel)\t\ndep\tgolang.org/x/net\tv0.1.0\th1:x=\ndep\texample.org/a\tv1.0.0\n=>\texample.org/b\tv2.0.0\th1:y=\ndep\texample.org/c\tv1.0.0\n=>\t./c\t\nbuild\tGOOS=linux\n";

    private static readonly string[] Expected = ["stdlib 1.18.3", "example.org/tool ", "golang.org/x/net v0.1.0", "example.org/b v2.0.0", "example.org/c "];

    [Test]
    public async Task The_modules_of_a_binary_are_found_wherever_its_information_lies([Values(64, 512, 262_112, 262_128, 262_144, 600_000)] int at)
    {
        var layer = await Read.LayerAsync(new LayerArchive().File("bin/tool", Binary(at)));
        Assert.That(Read.Names(layer), Is.EqualTo(Expected));
    }

    [Test]
    public async Task What_only_looks_like_the_information_is_passed_over()
    {
        var binary = Binary(4096);
        Magic.CopyTo(binary.AsSpan(1024));
        Magic.CopyTo(binary.AsSpan(2056));
        binary.AsSpan(1038, 40).Fill((byte)'x');
        Assert.That(Read.Names(await Read.LayerAsync(new LayerArchive().File("bin/tool", binary))), Is.EqualTo(Expected));
    }

    [Test]
    public async Task The_modules_of_a_binary_of_Go_1_17_are_found_by_its_pointers([Values] bool bigEndian)
    {
        var layer = await Read.LayerAsync(new LayerArchive().File("bin/tool", OldBinary(bigEndian)));
        Assert.That(Read.Names(layer), Is.EqualTo(Expected));
    }

    [Test]
    public async Task Information_of_the_old_kind_that_leads_nowhere_is_a_problem()
    {
        var binary = OldBinary(bigEndian: false);
        binary.AsSpan(64, 56).Clear();
        var layer = await Read.LayerAsync(new LayerArchive().File("bin/tool", binary));
        Assert.That(layer.Problems.Single().Path, Is.EqualTo("bin/tool"));
    }

    [TestCase("go1.21.3", "1.21.3")]
    [TestCase("go1.21", "1.21.0")]
    [TestCase("go1.22rc1", "1.22.0-rc.1")]
    [TestCase("go1.9beta2", "1.9.0-beta.2")]
    [TestCase("go1.20.4 X:boringcrypto", "1.20.4")]
    [TestCase("go1.19.8-custom", "1.19.8")]
    [TestCase("go1.20.4+auto", "1.20.4")]
    [TestCase("devel go1.22-abc Mon", "")]
    public void The_version_of_the_standard_library_is_as_advisories_write_it(string version, string expected) =>
        Assert.That(GoVersions.OfStandardLibrary(version), Is.EqualTo(expected));

    [Test]
    public async Task A_real_binary_has_what_the_go_command_says_of_it([Values("docker-registry", "docker")] string program)
    {
        var path = Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        if (path is null || Said(path) is not { } said)
        {
            Assert.Ignore($"{program} or the go command is not here");
            return;
        }

        var layer = await Read.LayerAsync(new LayerArchive().File("bin/x", await File.ReadAllBytesAsync(path)).ToGzip());
        Assert.That(Read.Names(layer)[0], Does.StartWith("stdlib 1."));
        Assert.That(Read.Names(layer).Skip(1), Is.EqualTo(said));
    }

    private static byte[] Magic => [0xff, .. " Go buildinf:"u8];

    private static byte[] Binary(int at)
    {
        using var bytes = new MemoryStream();
        bytes.Write([0x7f, .. "ELF"u8]);
        bytes.SetLength(at);
        bytes.Position = at;
        bytes.Write([.. Magic, 8, 2, .. new byte[16]]);
        foreach (var text in new[] { "go1.18.3", Frame + Modules + Frame })
        {
            for (var length = text.Length; length >= 0x80; length >>= 7)
            {
                bytes.WriteByte((byte)(length | 0x80));
                if (length >> 7 < 0x80)
                {
                    bytes.WriteByte((byte)(length >> 7));
                }
            }

            if (text.Length < 0x80)
            {
                bytes.WriteByte((byte)text.Length);
            }

            bytes.Write(Encoding.UTF8.GetBytes(text));
        }

        bytes.Write(new byte[3000]);
        return bytes.ToArray();
    }

    // One segment that maps the file to an address; the strings before the information, as the linker has them.
    private static byte[] OldBinary(bool bigEndian)
    {
        const ulong Base = 0x400000;
        var file = new byte[8192];
        byte[] ident = [0x7f, .. "ELF"u8, 2, (byte)(bigEndian ? 2 : 1)];
        ident.CopyTo(file, 0);
        Put(32, 64, 8);
        Put(54, 56, 2);
        Put(56, 1, 2);
        Put(64, 1, 4);
        Put(72, 0, 8);
        Put(80, Base, 8);
        Put(96, (ulong)file.Length, 8);
        "Go\0\0"u8.CopyTo(file.AsSpan(200));
        var text = Encoding.UTF8.GetBytes(Frame + Modules + Frame);
        "go1.18.3"u8.CopyTo(file.AsSpan(512));
        text.CopyTo(file, 1024);
        byte[] header = [.. Magic, 8, (byte)(bigEndian ? 1 : 0)];
        header.CopyTo(file, 4096);
        Put(4112, Base + 6000, 8);
        Put(4120, Base + 6016, 8);
        Put(6000, Base + 512, 8);
        Put(6008, 8, 8);
        Put(6016, Base + 1024, 8);
        Put(6024, (ulong)text.Length, 8);
        return file;

        void Put(int at, ulong value, int length)
        {
            Span<byte> bytes = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            bytes = bytes[..length];
            if (bigEndian)
            {
                bytes.Reverse();
            }

            bytes.CopyTo(file.AsSpan(at));
        }
    }

    private static List<string>? Said(string path)
    {
        try
        {
            using var go = Process.Start(new ProcessStartInfo("go", ["version", "-m", path]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var lines = go.StandardOutput.ReadToEnd().Split('\n').Select(l => l.Trim().Split('\t')).ToList();
            go.WaitForExit();
            return [.. lines.Where(l => l[0] is "mod" or "dep").Select(l => $"{l[1]} {(l[2] == "(devel)" ? "" : l[2])}")];
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
