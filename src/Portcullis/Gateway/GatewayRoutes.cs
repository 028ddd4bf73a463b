using Portcullis.Core.Registries.Requests;
using Portcullis.Gateway.Answers;
using Portcullis.Gateway.Forwarding;
using Portcullis.Gateway.Reading;
using Portcullis.Gateway.Writing;
using static Portcullis.Core.Registries.Requests.RegistryRequest;

namespace Portcullis.Gateway;

/// <summary>Who answers what, once it is allowed.</summary>
internal sealed class GatewayRoutes(
    ManifestReads reads, ManifestWrites writes, BlobForwarding blobs, ListAnswers lists, ReferrerAnswers referrers, TrustForwarding trust)
{
    public Task AnswerAsync(GatewayExchange exchange, RegistryRequest request) => request switch
    {
        GetManifest get => reads.AnswerAsync(exchange, get),
        GetBlob get => blobs.ReadAsync(exchange, get),
        PutManifest put => writes.PutAsync(exchange, put),
        DeleteManifest delete => writes.DeleteAsync(exchange, delete),
        DeleteRepository delete => writes.DeleteRepositoryAsync(exchange, delete),
        StartUpload start => blobs.StartAsync(exchange, start),
        GetUpload get => blobs.StatusAsync(exchange, get),
        CancelUpload cancel => blobs.CancelAsync(exchange, cancel),
        OfUpload send => blobs.SendAsync(exchange, send),
        DeleteBlob delete => blobs.DeleteAsync(exchange, delete),
        Tags tags => lists.TagsAsync(exchange, tags),
        Catalog catalog => lists.CatalogAsync(exchange, catalog),
        Referrers list => referrers.AnswerAsync(exchange, list),
        TrustData data => trust.AnswerAsync(exchange, data),
        Ping => JsonAnswer.WriteAsync(exchange.Http, JsonAnswer.MediaType, _ => { }),
        _ => throw new ArgumentOutOfRangeException(nameof(request), request.GetType().Name, "nobody answers it"),
    };
}
