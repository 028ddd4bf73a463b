using Portcullis.Core.Components;
using Portcullis.Scanning.Files;
using Portcullis.Scanning.Layers;
using Portcullis.Scanning.Packages;
using Portcullis.Scanning.Packages.Rpm;

namespace Portcullis.Tools.Fuzzing;

/// <summary>Layers of images, and the files of package managers in them.</summary>
internal static class LayerTargets
{
    private static readonly LayerLimits Limits = LayerLimits.Default with { LayerBytes = 1 << 22, Entries = 1000, PackageFileBytes = 1 << 16 };

    // One path for each reader.
    private static readonly string[] Paths =
    [
        "var/lib/dpkg/status", "var/lib/dpkg/info/a.list", "usr/share/doc/a/copyright", "lib/apk/db/installed", "var/lib/rpm/rpmdb.sqlite", "var/lib/rpm/Packages.db",
        "a.dist-info/METADATA", "a.dist-info/RECORD", "node_modules/a/package.json", "package-lock.json", "yarn.lock", "pnpm-lock.yaml", "a.deps.json", "a/1.0.0/a.nuspec",
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
}
