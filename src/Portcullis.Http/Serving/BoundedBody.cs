using Microsoft.AspNetCore.Http;

namespace Portcullis.Http.Serving;

/// <summary>Reads a request's body whole, up to a limit: what it announces of its length is not believed.</summary>
public static class BoundedBody
{
    private const int Piece = 64 * 1024;

    /// <summary>Null when it has more than <paramref name="limit"/> bytes.</summary>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limit)
        {
            return null;
        }

        using var collected = new MemoryStream();
        var buffer = new byte[Piece];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (collected.Length + read > limit)
            {
                return null;
            }

            await collected.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        return collected.ToArray();
    }
}
