using Portcullis.Scanning.Files;
using System.IO.Compression;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Portcullis.Scanning.Layers;

/// <summary>How a layer's blob is compressed; its first bytes tell, since media types are often wrong.</summary>
internal static class LayerDecompression
{
    // The window is memory that whoever pushes asks for. 64 MiB are more than any level of zstd but the last two takes (RFC 8878, 3.1.1.1.2, wants 8 MiB).
    private const int MaxWindowLog = 26;

    // Skippable frames (RFC 8878, 3.1.2) have 16 magic numbers; zstd:chunked layers may begin with one.
    private const byte SkippableFrame = 0x50;

    // Without it GZipStream takes data that was cut for data that ends. It is set for every program in Directory.Build.props, since it is read but once.
    private const string StrictValidation = "System.IO.Compression.UseStrictValidation";

    /// <summary>The tar archive in the blob.</summary>
    public static async Task<Stream> OpenAsync(SourceStream blob, CancellationToken cancellationToken)
    {
        var first = await blob.PeekAsync(4, cancellationToken);
        return first switch
        {
            [0x1f, 0x8b, ..] => Gzip(blob),
            [0x28, 0xb5, 0x2f, 0xfd] => Zstandard(blob),
            [var magic, 0x2a, 0x4d, 0x18] when (magic & 0xf0) == SkippableFrame => Zstandard(blob),
            [0x42, 0x5a, 0x68, ..] => throw new UnreadableFileException("it is compressed with bzip2, which is not read: push the image with gzip or zstd"),
            [0xfd, 0x37, 0x7a, 0x58, ..] => throw new UnreadableFileException("it is compressed with xz, which is not read: push the image with gzip or zstd"),
            _ => blob,
        };
    }

    private static GZipStream Gzip(SourceStream blob) => AppContext.TryGetSwitch(StrictValidation, out var strict) && strict
        ? new(blob, CompressionMode.Decompress)
        : throw new InvalidOperationException($"{StrictValidation} is not on: layers that were cut would not be noticed.");

    private static DecompressionStream Zstandard(SourceStream blob)
    {
        var stream = new DecompressionStream(blob);
        stream.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, MaxWindowLog);
        return stream;
    }
}
