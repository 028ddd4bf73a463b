using System.Buffers;
using Portcullis.Http.Retries;

namespace Portcullis.Clients.Registry.Wire;

/// <summary>
/// One blob on its way into a registry. A piece stays in memory until the registry says that it has it. After a failure:
/// <code>
/// ask the registry for its offset
///   inside the piece     send the rest of the piece
///   upload unknown       the blob is there: done; else begin a new upload with the source's first byte
///   no answer            pause, ask again
/// </code>
/// A few failures in a row end it.
/// </summary>
internal sealed class BlobUpload(RegistryUploads uploads, RegistryBlobs blobs, BlobSource source, TimeProvider time)
{
    private const int MostFailures = 4;
    private const int LargestChunk = 64 * 1024 * 1024;
    private static readonly BackOff Pauses = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5));
    private int _failures;

    public async Task RunAsync(UploadSession session, int chunkSize, CancellationToken cancellationToken)
    {
        if (session.LeastChunk > LargestChunk)
        {
            throw new RegistryException(RegistryFailure.Unsupported, $"the registry takes pieces of {session.LeastChunk} bytes at least: the most here is {LargestChunk}");
        }

        var length = (int)Math.Min(Math.Max(chunkSize, session.LeastChunk), source.Size);
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(1, length));
        try
        {
            for (var lost = 1; !await SendAllAsync(session, buffer.AsMemory(0, length), cancellationToken); lost++)
            {
                if (lost > MostFailures)
                {
                    throw new RegistryException(RegistryFailure.Unavailable, $"the registry lost the upload of {source.Digest} {lost} times");
                }

                session = await uploads.StartAsync(session.Repository, cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>False when the registry has lost the upload and a new one must begin.</summary>
    private async Task<bool> SendAllAsync(UploadSession session, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        await using var content = await source.OpenAsync(cancellationToken);
        var current = session with { Offset = 0 };
        while (true)
        {
            var piece = new Piece(current.Offset, buffer[..(int)Math.Min(buffer.Length, source.Size - current.Offset)]);
            await FillAsync(content, piece.Bytes, cancellationToken);
            var last = piece.End == source.Size;
            if (await SendAsync(current, piece, last, cancellationToken) is not { } sent)
            {
                return last && await blobs.ExistsAsync(session.Repository, source.Digest, cancellationToken);
            }

            if (last)
            {
                return true;
            }

            current = sent;
        }
    }

    /// <summary>The session once the registry has the whole piece; null when the registry does not know the upload any more.</summary>
    private async Task<UploadSession?> SendAsync(UploadSession session, Piece piece, bool last, CancellationToken cancellationToken)
    {
        while (true)
        {
            var rest = piece.Bytes[(int)(session.Offset - piece.Start)..];
            try
            {
                if (last)
                {
                    await uploads.CloseAsync(session, source.Digest, rest, cancellationToken);
                    return session;
                }

                var taken = Inside(piece, await uploads.AppendAsync(session, rest, cancellationToken));
                if (taken.Offset <= session.Offset)
                {
                    Fail(new RegistryException(RegistryFailure.Unavailable, $"the registry took none of the {rest.Length} bytes at {session.Offset}"));
                }

                session = taken;
                if (session.Offset == piece.End)
                {
                    _failures = 0;
                    return session;
                }
            }
            catch (RegistryException e) when (e.Kind == RegistryFailure.NotFound)
            {
                return null;
            }
            catch (RegistryException e) when (e.IsTransient)
            {
                Fail(e);
                if (await AskAsync(session, cancellationToken) is not { } known)
                {
                    return null;
                }

                session = Inside(piece, known);
            }
        }
    }

    private async Task<UploadSession?> AskAsync(UploadSession session, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await uploads.AskAsync(session, cancellationToken);
            }
            catch (RegistryException e) when (e.IsTransient)
            {
                Fail(e);
                await Task.Delay(Pauses.After(_failures, Jitter.Next), time, cancellationToken);
            }
        }
    }

    private static UploadSession Inside(Piece piece, UploadSession session) =>
        session.Offset >= piece.Start && session.Offset <= piece.End
            ? session
            : throw new RegistryException(
                RegistryFailure.Damaged, $"the registry has {session.Offset} bytes of the upload, of which {piece.Start} to {piece.End} were sent");

    private void Fail(RegistryException e)
    {
        if (++_failures > MostFailures)
        {
            throw e;
        }
    }

    private async Task FillAsync(Stream content, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            await content.ReadExactlyAsync(buffer, cancellationToken);
        }
        catch (EndOfStreamException e)
        {
            throw new RegistryException(RegistryFailure.Damaged, $"the blob {source.Digest} has fewer than {source.Size} bytes", inner: e);
        }
    }

    private readonly record struct Piece(long Start, Memory<byte> Bytes)
    {
        public long End => Start + Bytes.Length;
    }
}
