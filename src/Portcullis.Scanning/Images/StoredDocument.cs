namespace Portcullis.Scanning.Images;

/// <summary>Reads small files whole.</summary>
internal static class StoredDocument
{
    /// <summary>The file; null when there is none.</summary>
    /// <exception cref="ImageInputException">It is larger than it may be.</exception>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(IImageFiles files, string name, int limit, CancellationToken cancellationToken)
    {
        await using var stream = files.Open(name);
        if (stream is null)
        {
            return null;
        }

        if (stream.Length > limit)
        {
            throw new ImageInputException($"{name} has {stream.Length} bytes: the most is {limit}");
        }

        var bytes = new byte[stream.Length];
        var read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        return bytes.AsMemory(0, read);
    }
}
