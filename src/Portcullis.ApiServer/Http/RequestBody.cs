using Microsoft.AspNetCore.Http;
using Portcullis.ApiServer.Errors;

namespace Portcullis.ApiServer.Http;

/// <summary>Reads a body up to the limit of the real API.</summary>
internal static class RequestBody
{
    public static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > BodyReader.MaxBytes)
        {
            throw TooLarge();
        }

        if (request.ContentLength == 0)
        {
            return [];
        }

        using var buffer = new MemoryStream((int)(request.ContentLength ?? 4096));
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellationToken);
            foreach (var segment in read.Buffer)
            {
                buffer.Write(segment.Span);
            }

            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (buffer.Length > BodyReader.MaxBytes)
            {
                throw TooLarge();
            }

            if (read.IsCompleted)
            {
                return buffer.ToArray();
            }
        }
    }

    public static string MediaType(HttpRequest request)
    {
        var text = request.ContentType ?? "";
        var end = text.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? text : text[..end]).Trim();
    }

    private static StatusException TooLarge() =>
        new(413, "RequestEntityTooLarge", $"Request entity too large: limit is {BodyReader.MaxBytes}");
}
