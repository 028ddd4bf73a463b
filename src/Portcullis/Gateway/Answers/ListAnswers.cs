using System.Text.Json;
using Portcullis.Core.Registries.Requests;
using Portcullis.Gateway.Access;
using Portcullis.Gateway.Forwarding;

namespace Portcullis.Gateway.Answers;

/// <summary>Lists of tags and repositories, sorted and in pages: docker-registry 2.8 does neither for tags.</summary>
internal sealed class ListAnswers(IUpstreams upstreams, IRepositoryPolicies policies, GatewayAccess access)
{
    /// <summary>A repository that is declared and has nothing yet has no tags.</summary>
    public async Task TagsAsync(GatewayExchange exchange, RegistryRequest.Tags request)
    {
        var client = await upstreams.ClientAsync(exchange.Registry, exchange.Aborted);
        var (tags, next) = request.Page.Of(await client.Tags.ListAsync(request.Repository, exchange.Aborted) ?? []);
        JsonAnswer.LinkNext(exchange.Http.Response, request.Target, request.Page, next);
        await JsonAnswer.WriteAsync(exchange.Http, JsonAnswer.MediaType, json =>
        {
            json.WriteString("name", request.Repository);
            Write(json, "tags", tags);
        });
    }

    /// <summary>The repositories that Git declares and the caller may pull from.</summary>
    public Task CatalogAsync(GatewayExchange exchange, RegistryRequest.Catalog request)
    {
        var visible = policies.Of(exchange.Registry.Key.Name).Where(r => access.MaySee(r, exchange.Caller)).Select(r => r.Spec.Name);
        var (names, next) = request.Page.Of(visible);
        JsonAnswer.LinkNext(exchange.Http.Response, "/v2/_catalog", request.Page, next);
        return JsonAnswer.WriteAsync(exchange.Http, JsonAnswer.MediaType, json => Write(json, "repositories", names));
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
