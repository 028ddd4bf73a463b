using System.Globalization;

namespace Portcullis.Clients.Registry.Wire;

/// <summary>Reads what a registry says of an upload (OCI distribution 1.1, pushing a blob in chunks). Pure.</summary>
internal static class UploadAnswers
{
    /// <summary>An upload that has just begun, or that was asked for.</summary>
    public static UploadSession Session(RegistryTransport transport, HttpResponseMessage response, string repository) =>
        new(repository, transport.OwnLocation(response), Offset(response) ?? 0, LeastChunk(response));

    /// <summary>
    /// How many bytes the registry has; null when it does not say. The header names the last byte, so that <c>0-0</c> stands for one byte and
    /// for none (docker-registry): none is meant here, and a first piece of one byte is then sent twice and refused by its digest.
    /// </summary>
    public static long? Offset(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Range", out var values) && !response.Content.Headers.TryGetValues("Range", out values))
        {
            return null;
        }

        var range = values.First().AsSpan();
        range = range.StartsWith("bytes=", StringComparison.Ordinal) ? range[6..] : range;
        var dash = range.IndexOf('-');
        return dash > 0 && long.TryParse(range[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            ? last == 0 ? 0 : last + 1
            : throw RegistryErrors.Damaged(response, "the answer's Range cannot be read");
    }

    private static long LeastChunk(HttpResponseMessage response) =>
        response.Headers.TryGetValues("OCI-Chunk-Min-Length", out var values)
        && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var least) ? least : 0;
}
