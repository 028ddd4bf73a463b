using Microsoft.AspNetCore.Http;
using Portcullis.Clients.Registry.Authorization;
using Portcullis.Core.Registries.Requests;
using Portcullis.Gateway.Access;
using static Portcullis.Core.Registries.Requests.RegistryRequest;

namespace Portcullis.Gateway.Forwarding;

/// <summary>Blobs and their uploads: forwarded, with the order of chunks checked here, because docker-registry 2.8 takes them in any order.</summary>
internal sealed class BlobForwarding(IUpstreams upstreams, UpstreamForwarder forwarder, GatewayAccess access, GatewayOptions options)
{
    public Task ReadAsync(GatewayExchange exchange, GetBlob request) => ForwardAsync(exchange, new ForwardedRequest(request.Target, RegistryAccess.Pull(request.Repository)));

    public Task DeleteAsync(GatewayExchange exchange, DeleteBlob request) => options.AllowBlobDeletion
        ? ForwardAsync(exchange, new ForwardedRequest(request.Target, RegistryAccess.Delete(request.Repository)))
        : throw new GatewayRefusal(RegistryError.Unsupported(
            StatusCodes.Status405MethodNotAllowed, "blobs are not deleted through the gateway: delete the images, and let the registry's garbage collection remove what is left"));

    /// <summary>A mount from where the caller may not pull is an ordinary upload: the answer says nothing of whether the blob is there.</summary>
    public Task StartAsync(GatewayExchange exchange, StartUpload request)
    {
        var mount = request.Mount is { } asked && access.MayPull(exchange.Registry, exchange.Caller, asked.From, exchange.Http.Request.Headers.Authorization.ToString()) ? asked : null;
        var started = request with { Mount = mount };
        return ForwardAsync(exchange, new ForwardedRequest(started.Target!, RegistryAccess.Push(request.Repository, mount?.From))
        {
            Answered = response => Locate(response, request.Repository, 0),
        });
    }

    /// <summary>A chunk, or the end of an upload, with or without the last chunk.</summary>
    public Task SendAsync(GatewayExchange exchange, OfUpload request)
    {
        var http = exchange.Http;
        if (http.Request.Headers.ContentRange.ToString() is { Length: > 0 } range)
        {
            Check(http, request, range);
        }

        return ForwardAsync(exchange, new ForwardedRequest(request.Target!, RegistryAccess.Push(request.Repository))
        {
            Answered = response => Locate(response, request.Repository, OffsetOf(response) ?? (http.Request.ContentLength == 0 ? request.Upload.Offset ?? 0 : 1)),
        });
    }

    public Task StatusAsync(GatewayExchange exchange, GetUpload request) => ForwardAsync(exchange, new ForwardedRequest(request.Target!, RegistryAccess.Push(request.Repository))
    {
        Answered = response => Locate(response, request.Repository, OffsetOf(response) ?? request.Upload.Offset ?? 0),
    });

    public Task CancelAsync(GatewayExchange exchange, CancelUpload request) =>
        ForwardAsync(exchange, new ForwardedRequest(request.Target!, RegistryAccess.Delete(request.Repository)));

    private async Task ForwardAsync(GatewayExchange exchange, ForwardedRequest forwarded) =>
        await forwarder.ForwardAsync(exchange, await upstreams.OfRegistryAsync(exchange.Registry, exchange.Aborted), forwarded);

    private static void Check(HttpContext http, OfUpload request, string text)
    {
        if (ContentRange.Parse(text) is not { } range)
        {
            throw new GatewayRefusal(new RegistryError(StatusCodes.Status400BadRequest, "BLOB_UPLOAD_INVALID", "Content-Range must be FIRST-LAST"));
        }

        if (http.Request.ContentLength is { } length && length != range.Length)
        {
            throw new GatewayRefusal(new RegistryError(StatusCodes.Status400BadRequest, "SIZE_INVALID", $"Content-Range says {range.Length} bytes, Content-Length {length}"));
        }

        if (request.Upload.Offset is { } offset && range.First != offset)
        {
            throw new GatewayRefusal(new RegistryError(
                StatusCodes.Status416RangeNotSatisfiable, "BLOB_UPLOAD_INVALID", $"the chunk begins at {range.First}, and the registry has {offset} bytes: chunks are taken in order"))
            {
                Headers = new Dictionary<string, string> { ["Location"] = request.Upload.At(request.Repository, offset), ["Range"] = UploadLocation.RangeOf(offset) },
            };
        }
    }

    /// <summary>How much the registry has by its answer; null when it says <c>0-0</c>, which docker-registry says of nothing as well as of one byte.</summary>
    private static long? OffsetOf(HttpResponse response) =>
        ContentRange.Parse(response.Headers.Range.ToString()) is { First: 0, Last: > 0 } range ? range.Last + 1 : null;

    private static void Locate(HttpResponse response, string repository, long offset)
    {
        if (response.StatusCode is not (StatusCodes.Status202Accepted or StatusCodes.Status204NoContent) || response.Headers.Location.ToString() is not { Length: > 0 } location)
        {
            return;
        }

        var query = location.IndexOf('?', StringComparison.Ordinal);
        var (path, parameters) = query < 0 ? (location, "") : (location[..query], location[query..]);
        response.Headers.Location = RegistryRequestParser.Parse("GET", path, parameters) is GetUpload upload && upload.Repository == repository
            ? upload.Upload.At(repository, offset)
            : throw new GatewayRefusal(RegistryError.Unavailable(StatusCodes.Status502BadGateway, "the registry names a location for the upload that is none of the specification's"));
    }
}
