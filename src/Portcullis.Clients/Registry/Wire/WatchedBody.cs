namespace Portcullis.Clients.Registry.Wire;

/// <summary>The body of an answer, each read of which must bring something in time.</summary>
internal sealed class WatchedBody(HttpResponseMessage response, Stream body, TimeSpan patience, TimeProvider time) : IDisposable
{
    /// <summary>0 at the end.</summary>
    /// <exception cref="TimeoutException">Nothing came.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var timer = new StallTimer(patience, time, cancellationToken);
        try
        {
            return await body.ReadAsync(buffer, timer.Token);
        }
        catch (OperationCanceledException e) when (timer.Stalled)
        {
            throw timer.Failure(e);
        }
    }

    /// <summary>The whole body; null when it is larger than the limit.</summary>
    public async Task<byte[]?> ReadWholeAsync(int limit, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength > limit)
        {
            return null;
        }

        var buffer = new byte[response.Content.Headers.ContentLength is { } length ? (int)length + 1 : 16 * 1024];
        var filled = 0;
        while (await ReadAsync(buffer.AsMemory(filled), cancellationToken) is > 0 and var read)
        {
            filled += read;
            if (filled > limit)
            {
                return null;
            }

            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min(limit + 1L, buffer.Length * 2L));
            }
        }

        return buffer[..filled];
    }

    public void Dispose()
    {
        body.Dispose();
        response.Dispose();
    }
}
