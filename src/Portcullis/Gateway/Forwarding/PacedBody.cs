using Microsoft.AspNetCore.Http;

namespace Portcullis.Gateway.Forwarding;

/// <summary>
/// The body of a request that may pause for as long as the gateway has patience, and must on the whole come no slower than <see cref="BytesPerSecond"/>: who sends a
/// byte now and then does not hold a connection for ever. Only the time counts that is spent waiting for the client. Read once, forwards.
/// </summary>
internal sealed class PacedBody(Stream body, TimeSpan patience, TimeProvider time) : Stream
{
    /// <summary>The slowest mobile networks are ten times as fast.</summary>
    public const int BytesPerSecond = 1024;

    private CancellationTokenSource _late = new(Timeout.InfiniteTimeSpan, time);
    private TimeSpan _waited;
    private long _bytes;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <exception cref="BadHttpRequestException">It came too slowly.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var left = patience + TimeSpan.FromSeconds((double)_bytes / BytesPerSecond) - _waited;
        var started = time.GetTimestamp();
        using (cancellationToken.UnsafeRegister(late => ((CancellationTokenSource)late!).Cancel(), _late))
        {
            _late.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
            try
            {
                var read = await body.ReadAsync(buffer, _late.Token);
                _bytes += read;
                _waited += time.GetElapsedTime(started);
                return read;
            }
            catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
            {
                throw new BadHttpRequestException($"the body comes slower than {BytesPerSecond} bytes a second", StatusCodes.Status408RequestTimeout, e);
            }
            finally
            {
                Rest();
            }
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("it is read asynchronously");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _late.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Between reads no time counts: the registry may be what is slow.</summary>
    private void Rest()
    {
        if (!_late.TryReset())
        {
            _late.Dispose();
            _late = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        }
    }
}
