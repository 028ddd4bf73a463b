using System.Text.Json;
using Portcullis.Clients.Registry;
using Portcullis.Core.Registries.Requests;
using Portcullis.Gateway.Forwarding;

namespace Portcullis.Gateway.Answers;

/// <summary>
/// What refers to a manifest ("Listing Referrers"): the registry's own list where it keeps one, else the list that the gateway keeps under the
/// fallback tag.
/// </summary>
internal sealed class ReferrerAnswers(IUpstreams upstreams)
{
    /// <summary>An image without referrers, and one that is not there, have an empty list.</summary>
    public async Task AnswerAsync(GatewayExchange exchange, RegistryRequest.Referrers request)
    {
        var client = await upstreams.ClientAsync(exchange.Registry, exchange.Aborted);
        var found = await client.Referrers.ListAsync(request.Repository, request.Digest, request.ArtifactType, exchange.Aborted);
        if (request.ArtifactType is not null)
        {
            exchange.Http.Response.Headers[GatewayHeaders.FiltersApplied] = "artifactType";
        }

        await JsonAnswer.WriteAsync(exchange.Http, RegistryMediaTypes.OciIndex, json =>
        {
            json.WriteNumber("schemaVersion", 2);
            json.WriteString("mediaType", RegistryMediaTypes.OciIndex);
            json.WriteStartArray("manifests");
            foreach (var descriptor in found)
            {
                Write(json, descriptor);
            }

            json.WriteEndArray();
        });
    }

    private static void Write(Utf8JsonWriter json, ImageDescriptor descriptor)
    {
        json.WriteStartObject();
        json.WriteString("mediaType", descriptor.MediaType);
        json.WriteString("digest", descriptor.Digest);
        json.WriteNumber("size", descriptor.Size);
        if (descriptor.ArtifactType is { } type)
        {
            json.WriteString("artifactType", type);
        }

        if (descriptor.Annotations.Count > 0)
        {
            json.WriteStartObject("annotations");
            foreach (var (name, value) in descriptor.Annotations)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
