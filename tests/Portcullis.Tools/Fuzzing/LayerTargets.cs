using Portcullis.Core.Components;
using Portcullis.Scanning.Files;
using Portcullis.Scanning.Layers;
using Portcullis.Scanning.Packages;
using Portcullis.Scanning.Packages.Java;
using Portcullis.Scanning.Packages.Rpm;
using Portcullis.Scanning.Packages.Rust;
using Portcullis.Scanning.Packages.Windows;

namespace Portcullis.Tools.Fuzzing;

/// <summary>Layers of images, and the files of package managers in them.</summary>
internal static class LayerTargets
{
    private static readonly LayerLimits Limits = LayerLimits.Default with { LayerBytes = 1 << 22, Entries = 1000, PackageFileBytes = 1 << 16 };

    // One path for each reader.
    private static readonly string[] Paths =
    [
        "var/lib/dpkg/status", "var/lib/dpkg/info/a.list", "usr/share/doc/a/copyright", "lib/apk/db/installed", "var/lib/rpm/rpmdb.sqlite", "var/lib/rpm/Packages.db",
        "a.dist-info/METADATA", "a.dist-info/RECORD", "node_modules/a/package.json", "package-lock.json", "yarn.lock", "pnpm-lock.yaml", "a.deps.json", "var/lib/rpm/Packages",
        "specifications/a.gemspec", "a/1.0.0/a.nuspec",
    ];

    /// <summary>A blob of a layer: it is read, or a problem, and makes an image; it is never an exception.</summary>
    public static void Layer(byte[] input)
    {
        var layer = LayerReader.ReadAsync("sha256:0", new MemoryStream(input), Limits, CancellationToken.None).GetAwaiter().GetResult();
        FuzzTargets.Expect(layer.Packages.All(p => !p.Path.StartsWith('/') && !p.Path.Contains("..", StringComparison.Ordinal)), "a path that leads out of the image");
        FuzzTargets.Expect(layer.Problems.Count <= Limits.Problems + 1, "more problems than are told");
        var image = ImageMerge.Of([layer, layer], NoContents.Instance);
        FuzzTargets.Expect(image.Components.All(c => c.Layer == 0), "a component that both layers have came with the second");
    }

    /// <summary>A file of each package manager: the first byte says which. It is read or refused in its own words.</summary>
    public static void PackageFile(byte[] input)
    {
        if (input.Length == 0)
        {
            return;
        }

        var path = Paths[input[0] % Paths.Length];
        var reader = PackageReaders.For(path)!;
        FuzzTargets.Expect(reader is not RpmUnread, "a path that is not read");
        try
        {
            FuzzTargets.Expect(reader.Read(new PackageSource(path, input.AsMemory(1), new FileOwners(1000), 1000)).All(c => c.Name.Length > 0), "a component without a name");
        }
        catch (UnreadableFileException)
        {
            // Refused.
        }
    }

    /// <summary>An archive of Java: it is read, or a problem is reported.</summary>
    public static void Archive(byte[] input)
    {
        var source = new PackageSource("a.jar", default, new FileOwners(10), 1000);
        var components = new JarReader(source, new JarBudget(entries: 1000, bytes: 1 << 22)).ReadAsync(new MemoryStream(input), CancellationToken.None).AsTask().GetAwaiter().GetResult();
        FuzzTargets.Expect(components.All(c => c.Name.Length > 0), "a component without a name");
        FuzzTargets.Expect(source.Problems.Count <= 23, "more problems than are told");
    }

    /// <summary>A binary in two parts: its crates and its version are found, or damage is, wherever it is cut.</summary>
    public static void Binary(byte[] input)
    {
        var whole = Crates(input, input.Length);
        var cut = Crates(input, input.Length / 2);
        FuzzTargets.Expect(whole.IsUnreadable == cut.IsUnreadable && whole.Found.SequenceEqual(cut.Found), "a binary is read otherwise when it is cut");
        var (version, other) = (Version(input, input.Length), Version(input, input.Length / 2));
        FuzzTargets.Expect(version.Found == other.Found && version.IsUnreadable == other.IsUnreadable, "a version is read otherwise when its binary is cut");
        FuzzTargets.Expect(version.Found is not { Component: { Name.Length: 0 } or { Version.Length: 0 } }, "a binary without a name or a version");
    }

    private static PeVersionScanner Version(byte[] input, int at)
    {
        var version = new PeVersionScanner();
        version.Begin(input.AsSpan(0, Math.Min(input.Length, 4096)));
        version.Append(input.AsSpan(0, at));
        version.Append(input.AsSpan(at));
        version.Finish();
        return version;
    }

    private static AuditScanner Crates(byte[] input, int at)
    {
        var crates = new AuditScanner();
        crates.Begin();
        crates.Append(input.AsSpan(0, at));
        crates.Append(input.AsSpan(at));
        crates.Finish();
        return crates;
    }
}
