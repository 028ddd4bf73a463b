using System.Net;
using Portcullis.Clients.Registry.Authorization;
using Portcullis.Clients.Registry.Wire;

namespace Portcullis.Clients.Registry;

/// <summary>Blobs: layers, configs and what else has a digest.</summary>
public sealed class RegistryBlobs
{
    private readonly RegistryTransport _transport;

    internal RegistryBlobs(RegistryTransport transport) => _transport = transport;

    /// <summary>Whether the repository has it, in one HEAD. A redirect to a store of objects says that it has.</summary>
    public async Task<bool> ExistsAsync(string repository, string digest, CancellationToken cancellationToken)
    {
        using var response = await _transport.SendAsync(
            HttpMethod.Head, RegistryPaths.Blob(repository, digest), RegistryAccess.Pull(repository), cancellationToken);
        return response.StatusCode switch
        {
            HttpStatusCode.OK or HttpStatusCode.TemporaryRedirect or HttpStatusCode.Found => true,
            HttpStatusCode.NotFound => false,
            _ => throw await _transport.Sender.FailureAsync(response, cancellationToken),
        };
    }

    /// <summary>How many bytes it has, in one HEAD; null when the repository does not have it, or the registry does not say.</summary>
    public async Task<long?> SizeAsync(string repository, string digest, CancellationToken cancellationToken)
    {
        using var response = await _transport.SendAsync(
            HttpMethod.Head, RegistryPaths.Blob(repository, digest), RegistryAccess.Pull(repository), cancellationToken);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => response.Content.Headers.ContentLength,
            HttpStatusCode.TemporaryRedirect or HttpStatusCode.Found or HttpStatusCode.NotFound => null,
            _ => throw await _transport.Sender.FailureAsync(response, cancellationToken),
        };
    }

    /// <summary>
    /// Opens it; null when it is not there. The stream is read asynchronously, opens a broken connection again where it broke, and throws
    /// <see cref="RegistryException"/>, before it gives the last byte, when digest or size are not as asked for.
    /// </summary>
    /// <param name="repository">Without the registry's host.</param>
    /// <param name="digest">Of the blob.</param>
    /// <param name="size">In bytes, exactly, as its descriptor says: no more is read.</param>
    /// <param name="cancellationToken">Ends the opening; each read has its own.</param>
    public async Task<Stream?> OpenAsync(string repository, string digest, long size, CancellationToken cancellationToken) =>
        await BlobStream.OpenAsync(new BlobRequest(_transport, repository, digest), size, cancellationToken);

    /// <summary>A small blob whole (a config, a document); null when it is not there.</summary>
    public async Task<byte[]?> ReadAsync(string repository, string digest, int limit, CancellationToken cancellationToken)
    {
        using var response = await new BlobRequest(_transport, repository, digest).GetAsync(0, cancellationToken);
        if (response is null)
        {
            return null;
        }

        var bytes = await _transport.Sender.ReadAsync(response, limit, cancellationToken);
        return ContentDigest.Matches(digest, bytes) ? bytes : throw RegistryErrors.Damaged(response, "the content is not that of its digest");
    }

    /// <summary>
    /// Makes a blob of one repository a blob of another, without moving it. Null once it is; else the upload that the registry began in its place
    /// (OCI distribution 1.1, mounting a blob), which is used or cancelled.
    /// </summary>
    public async Task<UploadSession?> MountAsync(string repository, string digest, string from, CancellationToken cancellationToken)
    {
        using var response = await _transport.SendAsync(
            HttpMethod.Post, RegistryPaths.Mount(repository, digest, from), RegistryAccess.Push(repository, from), cancellationToken);
        return response.StatusCode switch
        {
            HttpStatusCode.Created => null,
            HttpStatusCode.Accepted => UploadAnswers.Session(_transport, response, repository),
            _ => throw await _transport.Sender.FailureAsync(response, cancellationToken),
        };
    }
}
