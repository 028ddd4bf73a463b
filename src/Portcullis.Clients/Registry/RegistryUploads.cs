using System.Net;
using System.Net.Http.Headers;
using Portcullis.Clients.Registry.Authorization;
using Portcullis.Clients.Registry.Wire;

namespace Portcullis.Clients.Registry;

/// <summary>Writes blobs: whole when they are small, else in pieces, going on after a failure where the registry says.</summary>
public sealed class RegistryUploads
{
    private static readonly MediaTypeHeaderValue Octets = new("application/octet-stream");
    private readonly RegistryTransport _transport;
    private readonly RegistryBlobs _blobs;
    private readonly int _chunkSize;

    internal RegistryUploads(RegistryTransport transport, RegistryBlobs blobs, int chunkSize)
    {
        _transport = transport;
        _blobs = blobs;
        _chunkSize = chunkSize;
    }

    /// <summary>Writes a blob. The registry has verified its digest when this returns.</summary>
    /// <exception cref="RegistryException">The source is not what it says (Damaged), or the registry did not take it.</exception>
    public async Task UploadAsync(string repository, BlobSource source, CancellationToken cancellationToken) =>
        await UploadAsync(await StartAsync(repository, cancellationToken), source, cancellationToken);

    /// <summary>The same with an upload that has begun, as a mount gives it.</summary>
    public Task UploadAsync(UploadSession session, BlobSource source, CancellationToken cancellationToken) =>
        new BlobUpload(this, _blobs, source, _transport.Sender.Time).RunAsync(session, _chunkSize, cancellationToken);

    /// <summary>Begins an upload.</summary>
    public async Task<UploadSession> StartAsync(string repository, CancellationToken cancellationToken)
    {
        var url = _transport.UrlOf(RegistryPaths.Uploads(repository));
        using var response = await _transport.SendAsync(
            () => new HttpRequestMessage(HttpMethod.Post, url), RegistryAccess.Push(repository), HttpStatusCode.Accepted, cancellationToken);
        return UploadAnswers.Session(_transport, response, repository);
    }

    /// <summary>Gives up an upload. One that is not there any more is none of anybody's business.</summary>
    public async Task CancelAsync(UploadSession session, CancellationToken cancellationToken)
    {
        using var response = await _transport.SendAsync(
            () => new HttpRequestMessage(HttpMethod.Delete, session.Location), RegistryAccess.Delete(session.Repository), cancellationToken);
        if (!response.IsSuccessStatusCode && response.StatusCode != HttpStatusCode.NotFound)
        {
            throw await _transport.Sender.FailureAsync(response, cancellationToken);
        }
    }

    /// <summary>Sends a piece at the session's offset. The offset of what is returned says how much of it the registry took.</summary>
    internal async Task<UploadSession> AppendAsync(UploadSession session, ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        using var response = await _transport.SendAsync(
            () => new HttpRequestMessage(HttpMethod.Patch, session.Location) { Content = Content(session, piece, ranged: true) },
            RegistryAccess.Push(session.Repository), HttpStatusCode.Accepted, cancellationToken);
        return session with
        {
            Location = _transport.OwnLocation(response),
            Offset = UploadAnswers.Offset(response) ?? session.Offset + piece.Length,
        };
    }

    /// <summary>Where the registry is; null when it does not know the upload any more.</summary>
    internal async Task<UploadSession?> AskAsync(UploadSession session, CancellationToken cancellationToken)
    {
        using var response = await _transport.SendAsync(
            () => new HttpRequestMessage(HttpMethod.Get, session.Location), RegistryAccess.Push(session.Repository), cancellationToken);
        return response.StatusCode switch
        {
            HttpStatusCode.NoContent when UploadAnswers.Offset(response) is { } offset =>
                session with { Location = response.Headers.Location is null ? session.Location : _transport.OwnLocation(response), Offset = offset },
            HttpStatusCode.OK or HttpStatusCode.NoContent or HttpStatusCode.NotFound or HttpStatusCode.BadRequest => null,
            _ => throw await _transport.Sender.FailureAsync(response, cancellationToken),
        };
    }

    /// <summary>Sends the last piece, which may be empty, and has the registry verify the whole.</summary>
    internal async Task CloseAsync(UploadSession session, string digest, ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        var query = session.Location.Query.Length > 1 ? $"{session.Location.Query[1..]}&" : "";
        var url = new UriBuilder(session.Location) { Query = $"{query}digest={Uri.EscapeDataString(digest)}" }.Uri;
        using var response = await _transport.SendAsync(
            () => new HttpRequestMessage(HttpMethod.Put, url) { Content = Content(session, piece, ranged: session.Offset > 0) },
            RegistryAccess.Push(session.Repository), HttpStatusCode.Created, cancellationToken);
    }

    private static PiecewiseContent Content(UploadSession session, ReadOnlyMemory<byte> piece, bool ranged)
    {
        var content = new PiecewiseContent(piece);
        content.Headers.ContentType = Octets;
        if (ranged && piece.Length > 0)
        {
            // Two numbers without a unit: the registry's own form of the header.
            content.Headers.TryAddWithoutValidation("Content-Range", $"{session.Offset}-{session.Offset + piece.Length - 1}");
        }

        return content;
    }
}
