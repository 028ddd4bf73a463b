using System.Net;
using System.Security.Cryptography;
using Portcullis.Http.Retries;

namespace Portcullis.Clients.Registry.Wire;

/// <summary>
/// A blob as it is read. A connection that breaks is opened again where it broke. The last byte is given only when the whole has the digest and
/// the length that were asked for; one byte more is an error.
/// </summary>
internal sealed class BlobStream : ReadingStream
{
    /// <summary>In a row, without a byte between them.</summary>
    private const int MostFailures = 3;

    private static readonly BackOff Pauses = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2));
    private readonly BlobRequest _request;
    private readonly long _size;
    private readonly IncrementalHash _counted;
    private WatchedBody? _body;
    private long _position;
    private int _failures;
    private bool _verified;

    private BlobStream(BlobRequest request, WatchedBody body, long size)
    {
        _request = request;
        _body = body;
        _size = size;
        _counted = ContentDigest.Start(request.Digest);
    }

    public override long Length => _size;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <param name="request">What is read.</param>
    /// <param name="size">Its exact size.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    public static async Task<BlobStream?> OpenAsync(BlobRequest request, long size, CancellationToken cancellationToken)
    {
        if (await BeginAsync(request, cancellationToken) is not { } response)
        {
            return null;
        }

        if (response.Content.Headers.ContentLength is { } length && length != size)
        {
            response.Dispose();
            throw RegistryErrors.Damaged(response, $"the blob has {length} bytes, not {size}");
        }

        return new BlobStream(request, await request.Sender.BodyAsync(response, cancellationToken), size);
    }

    /// <summary>A connection that is reset takes with it what had arrived, also the answer's beginning. A server that was silent is not waited for twice.</summary>
    private static async Task<HttpResponseMessage?> BeginAsync(BlobRequest request, CancellationToken cancellationToken)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                return await request.GetAsync(0, cancellationToken);
            }
            catch (RegistryException e) when (failures <= MostFailures && IsBrokenLine(e))
            {
                await Task.Delay(Pauses.After(failures, Jitter.Next), request.Sender.Time, cancellationToken);
            }
        }
    }

    private static bool IsBrokenLine(RegistryException e) =>
        e.Kind == RegistryFailure.Unavailable && e.Status is null && e.InnerException is not TimeoutException;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (buffer.Length > 0)
        {
            var read = await TryReadAsync(buffer, cancellationToken);
            if (read > 0)
            {
                Count(buffer.Span[..read]);
                return read;
            }

            if (_position == _size)
            {
                Verify();
                return 0;
            }
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Leave();
            _counted.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>0 when the connection ended: at the end of the blob, or before it, to be opened again.</summary>
    private async ValueTask<int> TryReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            _body ??= await ReopenAsync(cancellationToken);
            var read = await _body.ReadAsync(buffer, cancellationToken);
            if (read > 0 || _position == _size)
            {
                return read;
            }

            throw new IOException($"the blob ends after {_position} of {_size} bytes");
        }
        catch (Exception e) when (MayResume(e))
        {
            Leave();
            return ++_failures <= MostFailures ? 0 : throw Broken(e);
        }
    }

    private static bool MayResume(Exception e) => RequestSender.IsFailureToReach(e) || e is RegistryException { Kind: RegistryFailure.Unavailable };

    private Exception Broken(Exception e) => e as RegistryException ?? RegistryErrors.Unreachable($"GET {_request.Url}", e);

    private async Task<WatchedBody> ReopenAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Pauses.After(_failures, Jitter.Next), _request.Sender.Time, cancellationToken);
        var response = await _request.GetAsync(_position, cancellationToken)
            ?? throw new RegistryException(RegistryFailure.NotFound, $"GET {_request.Url}: the blob has gone while it was read", HttpStatusCode.NotFound);
        if (response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From != _position)
        {
            throw RegistryErrors.Damaged(response, $"the answer does not begin at byte {_position}");
        }

        var body = await _request.Sender.BodyAsync(response, cancellationToken);
        if (response.StatusCode == HttpStatusCode.OK)
        {
            await SkipAsync(body, cancellationToken);
        }

        return body;
    }

    /// <summary>A server without ranges begins at the first byte again.</summary>
    private async Task SkipAsync(WatchedBody body, CancellationToken cancellationToken)
    {
        var discarded = new byte[64 * 1024];
        for (var left = _position; left > 0;)
        {
            var read = await body.ReadAsync(discarded.AsMemory(0, (int)Math.Min(left, discarded.Length)), cancellationToken);
            left -= read > 0 ? read : throw new IOException("the blob ended before the byte where it broke off");
        }
    }

    private void Count(ReadOnlySpan<byte> read)
    {
        _failures = 0;
        if (_position + read.Length > _size)
        {
            throw new RegistryException(RegistryFailure.Damaged, $"GET {_request.Url}: the blob has more than {_size} bytes");
        }

        _position += read.Length;
        _counted.AppendData(read);
        if (_position == _size)
        {
            Verify();
        }
    }

    private void Verify()
    {
        if (!_verified && !ContentDigest.Ends(_request.Digest, _counted))
        {
            throw new RegistryException(RegistryFailure.Damaged, $"GET {_request.Url}: the content is not that of its digest");
        }

        _verified = true;
    }

    private void Leave()
    {
        _body?.Dispose();
        _body = null;
    }
}
