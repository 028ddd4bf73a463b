using Microsoft.AspNetCore.Http;
using Portcullis.Clients.Registry.Authorization;
using Portcullis.Core.Registries.Requests;
using Portcullis.Gateway.Access;
using static Portcullis.Core.Registries.Requests.RegistryRequest;

namespace Portcullis.Gateway.Forwarding;

/// <summary>Blobs and their uploads: forwarded, with the order of chunks checked here, because docker-registry 2.8 takes them in any order.</summary>
internal sealed class BlobForwarding(IUpstreams upstreams, UpstreamForwarder forwarder, GatewayAccess access, UploadProgress progress, GatewayOptions options)
{
    public Task ReadAsync(GatewayExchange exchange, GetBlob request) => ForwardAsync(exchange, new ForwardedRequest(request.Target, RegistryAccess.Pull(request.Repository)));

    public Task DeleteAsync(GatewayExchange exchange, DeleteBlob request) => options.AllowBlobDeletion
        ? ForwardAsync(exchange, new ForwardedRequest(request.Target, RegistryAccess.Delete(request.Repository)))
        : throw new GatewayRefusal(RegistryError.Unsupported(
            StatusCodes.Status405MethodNotAllowed, "blobs are not deleted through the gateway: delete the images, and let the registry's garbage collection remove what is left"));

    /// <summary>A mount from where the caller may not pull is an ordinary upload: the answer says nothing of whether the blob is there.</summary>
    public Task StartAsync(GatewayExchange exchange, StartUpload request)
    {
        if (request.Digest is { } digest && exchange.Http.Request.ContentLength != 0)
        {
            return PostWholeAsync(exchange, request, digest);
        }

        var started = request with { Digest = null, Mount = AllowedMount(exchange, request) };
        return ForwardAsync(exchange, new ForwardedRequest(started.Target!, RegistryAccess.Push(request.Repository, started.Mount?.From))
        {
            Answered = response => UploadAnswer.Locate(response, request.Repository, 0),
        });
    }

    private BlobMount? AllowedMount(GatewayExchange exchange, StartUpload request) => request.Mount is { } mount
        && access.MayPull(exchange.Registry, exchange.Caller, mount.From, exchange.Http.Request.Headers.Authorization.ToString())
            ? mount
            : null;

    /// <summary>A chunk, or the end of an upload, with or without the last chunk.</summary>
    public Task SendAsync(GatewayExchange exchange, OfUpload request)
    {
        var (http, registry) = (exchange.Http, exchange.Registry.Key.Name);
        var latest = progress.Latest(registry, request.Repository, request.Upload);
        UploadAnswer.Check(http, request.Upload, latest, request.Repository);
        return ForwardAsync(exchange, new ForwardedRequest((request with { Upload = latest }).Target!, RegistryAccess.Push(request.Repository))
        {
            Answered = response =>
            {
                var offset = UploadAnswer.OffsetOf(response) ?? (http.Request.ContentLength == 0 ? latest.Offset ?? 0 : 1);
                if (UploadAnswer.Locate(response, request.Repository, offset) is { } location)
                {
                    progress.Note(registry, request.Repository, location);
                }
                else if (response.StatusCode == StatusCodes.Status201Created)
                {
                    progress.Forget(registry, request.Repository, latest);
                }
            },
        });
    }

    public Task StatusAsync(GatewayExchange exchange, GetUpload request)
    {
        var latest = progress.Latest(exchange.Registry.Key.Name, request.Repository, request.Upload);
        return ForwardAsync(exchange, new ForwardedRequest((request with { Upload = latest }).Target!, RegistryAccess.Push(request.Repository))
        {
            Answered = response => UploadAnswer.Locate(response, request.Repository, UploadAnswer.OffsetOf(response) ?? latest.Offset ?? 0),
        });
    }

    public Task CancelAsync(GatewayExchange exchange, CancelUpload request)
    {
        var latest = progress.Latest(exchange.Registry.Key.Name, request.Repository, request.Upload);
        progress.Forget(exchange.Registry.Key.Name, request.Repository, latest);
        return ForwardAsync(exchange, new ForwardedRequest((request with { Upload = latest }).Target!, RegistryAccess.Delete(request.Repository)));
    }

    /// <summary>The whole blob with the POST ("Single POST"). docker-registry 2.8 reads no body there, so that it is sent on as the end of an upload.</summary>
    private async Task PostWholeAsync(GatewayExchange exchange, StartUpload request, string digest)
    {
        var client = await upstreams.ClientAsync(exchange.Registry, exchange.Aborted);
        var session = await client.Uploads.StartAsync(request.Repository, exchange.Aborted);
        var (path, query) = (session.Location.AbsolutePath, session.Location.Query);
        await ForwardAsync(exchange, new ForwardedRequest($"{path}{query}{(query.Length == 0 ? '?' : '&')}digest={Uri.EscapeDataString(digest)}", RegistryAccess.Push(request.Repository))
        {
            Method = HttpMethod.Put,
        });
    }

    private async Task ForwardAsync(GatewayExchange exchange, ForwardedRequest forwarded) =>
        await forwarder.ForwardAsync(exchange, await upstreams.OfRegistryAsync(exchange.Registry, exchange.Aborted), forwarded);
}
