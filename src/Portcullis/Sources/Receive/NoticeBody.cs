using Microsoft.AspNetCore.Http;

namespace Portcullis.Sources.Receive;

/// <summary>The body of a notice, bounded: who sends it has shown nothing yet.</summary>
internal static class NoticeBody
{
    public const int Limit = 3 * 1024 * 1024;

    /// <summary>Null when it is too long.</summary>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > Limit)
        {
            return null;
        }

        using var collected = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (collected.Length + read > Limit)
            {
                return null;
            }

            await collected.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        return collected.ToArray();
    }
}
