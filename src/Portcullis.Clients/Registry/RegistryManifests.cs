using System.Net;
using System.Net.Http.Headers;
using Portcullis.Clients.Registry.Authorization;
using Portcullis.Clients.Registry.Wire;

namespace Portcullis.Clients.Registry;

/// <summary>Manifests and indexes, byte for byte.</summary>
public sealed class RegistryManifests : IManifestWriter
{
    /// <summary>What registries must take at least and clients need not exceed (OCI distribution 1.1, pushing manifests).</summary>
    public const int LargestManifest = 4 * 1024 * 1024;

    private const int MostAttempts = 4;

    private const string DigestHeader = "Docker-Content-Digest";
    private const string SubjectHeader = "OCI-Subject";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private static readonly string Accepted = string.Join(
        ", ", RegistryMediaTypes.OciIndex, RegistryMediaTypes.OciManifest, RegistryMediaTypes.DockerList, RegistryMediaTypes.DockerManifest);

    private static readonly HttpStatusCode[] CannotDeleteTags = [HttpStatusCode.BadRequest, HttpStatusCode.MethodNotAllowed];

    private readonly RegistryTransport _transport;

    internal RegistryManifests(RegistryTransport transport) => _transport = transport;

    /// <summary>What the registry says of it, in one HEAD; null when it is not there.</summary>
    public async Task<ManifestHead?> HeadAsync(string repository, string reference, CancellationToken cancellationToken)
    {
        using var response = await ReadAsync(HttpMethod.Head, repository, reference, cancellationToken);
        return response is null ? null : new ManifestHead(DigestOf(response), MediaTypeOf(response), response.Content.Headers.ContentLength);
    }

    /// <summary>Reads and verifies it; null when it is not there.</summary>
    /// <param name="repository">Without the registry's host.</param>
    /// <param name="reference">A tag or a digest.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="RegistryException">
    /// It is larger than <see cref="LargestManifest"/> (Refused), or is not what its digest says (Damaged).
    /// </exception>
    public async Task<RegistryManifest?> GetAsync(string repository, string reference, CancellationToken cancellationToken)
    {
        using var response = await ReadAsync(HttpMethod.Get, repository, reference, cancellationToken);
        if (response is null)
        {
            return null;
        }

        var bytes = await _transport.Sender.ReadAsync(response, LargestManifest, cancellationToken);
        var expected = ContentDigest.IsDigest(reference) ? reference : DigestOf(response);
        if (expected is not null && !ContentDigest.Matches(expected, bytes))
        {
            throw RegistryErrors.Damaged(response, $"the content is not that of {expected}");
        }

        return new RegistryManifest(MediaTypeOf(response) ?? "", expected ?? ContentDigest.Of(bytes), bytes);
    }

    public async Task<ManifestReceipt> PutAsync(string repository, string reference, RegistryManifest manifest, CancellationToken cancellationToken)
    {
        var path = RegistryPaths.Manifest(repository, reference);
        if (manifest.Bytes.Length > LargestManifest)
        {
            throw new RegistryException(RegistryFailure.Refused, $"the manifest {manifest.Digest} has {manifest.Bytes.Length} bytes: the most is {LargestManifest}");
        }

        using var response = await SendPutAsync(path, repository, manifest, cancellationToken);
        if (DigestOf(response) is { } digest && !ContentDigest.Matches(digest, manifest.Bytes.Span))
        {
            throw RegistryErrors.Damaged(response, $"the registry stored {digest}, which is not what was sent");
        }

        return new ManifestReceipt(manifest.Digest, Header(response, SubjectHeader));
    }

    /// <summary>
    /// docker-registry 2.8 answers DIGEST_INVALID when it reads the link of a blob that another upload of the same blob is just writing. The digest was
    /// made of these very bytes, so that the answer is wrong, and a moment later it is another one.
    /// </summary>
    private async Task<HttpResponseMessage> SendPutAsync(string path, string repository, RegistryManifest manifest, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await _transport.SendAsync(
                    () => new HttpRequestMessage(HttpMethod.Put, _transport.UrlOf(path)) { Content = Content(manifest) },
                    RegistryAccess.Push(repository), HttpStatusCode.Created, cancellationToken);
            }
            catch (RegistryException e) when (e.Code == "DIGEST_INVALID" && attempt < MostAttempts && ContentDigest.Matches(manifest.Digest, manifest.Bytes.Span))
            {
                await Task.Delay(attempt * Pause, _transport.Sender.Time, cancellationToken);
            }
        }
    }

    /// <summary>Deletes a manifest with all its tags. False when it was not there.</summary>
    public async Task<bool> DeleteAsync(string repository, string digest, CancellationToken cancellationToken)
    {
        if (!ContentDigest.IsDigest(digest))
        {
            throw new RegistryException(RegistryFailure.Invalid, $"'{digest}' is no digest: a manifest is deleted by its digest");
        }

        return await SendDeleteAsync(repository, digest, [], cancellationToken) is null;
    }

    /// <summary>Deletes a tag and nothing else, where the registry can.</summary>
    public async Task<TagDeletion> DeleteTagAsync(string repository, string tag, CancellationToken cancellationToken)
    {
        if (!RegistryPaths.IsTag(tag))
        {
            throw new RegistryException(RegistryFailure.Invalid, $"'{tag}' is no tag");
        }

        var refusal = await SendDeleteAsync(repository, tag, CannotDeleteTags, cancellationToken);
        return refusal switch
        {
            null => TagDeletion.Deleted,
            HttpStatusCode.NotFound => TagDeletion.NotFound,
            _ => TagDeletion.Unsupported,
        };
    }

    /// <summary>Null once it is deleted; else NotFound or one of the statuses that the caller understands.</summary>
    private async Task<HttpStatusCode?> SendDeleteAsync(
        string repository, string reference, HttpStatusCode[] understood, CancellationToken cancellationToken)
    {
        using var response = await _transport.SendAsync(
            HttpMethod.Delete, RegistryPaths.Manifest(repository, reference), RegistryAccess.Delete(repository), cancellationToken);
        return response.StatusCode switch
        {
            HttpStatusCode.Accepted or HttpStatusCode.OK or HttpStatusCode.NoContent => null,
            HttpStatusCode.NotFound => HttpStatusCode.NotFound,
            var other when understood.Contains(other) => other,
            _ => throw await _transport.Sender.FailureAsync(response, cancellationToken),
        };
    }

    private async Task<HttpResponseMessage?> ReadAsync(HttpMethod method, string repository, string reference, CancellationToken cancellationToken)
    {
        var url = _transport.UrlOf(RegistryPaths.Manifest(repository, reference));
        var response = await _transport.SendAsync(() => Request(method, url), RegistryAccess.Pull(repository), cancellationToken);
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                return response;
            case HttpStatusCode.NotFound:
                response.Dispose();
                return null;
            default:
                throw await _transport.Sender.FailureAsync(response, cancellationToken);
        }
    }

    private static HttpRequestMessage Request(HttpMethod method, Uri url)
    {
        var request = new HttpRequestMessage(method, url);
        request.Headers.TryAddWithoutValidation("Accept", Accepted);
        return request;
    }

    private static PiecewiseContent Content(RegistryManifest manifest)
    {
        var content = new PiecewiseContent(manifest.Bytes);
        content.Headers.ContentType = MediaTypeHeaderValue.TryParse(manifest.MediaType, out var type)
            ? type
            : throw new RegistryException(RegistryFailure.Invalid, $"'{manifest.MediaType}' is no media type");
        return content;
    }

    private static string? DigestOf(HttpResponseMessage response) =>
        Header(response, DigestHeader) is not { } digest ? null
        : ContentDigest.IsDigest(digest) ? digest
        : throw RegistryErrors.Damaged(response, "the answer's digest is none of a known form");

    private static string? MediaTypeOf(HttpResponseMessage response) => response.Content.Headers.ContentType?.MediaType;

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
