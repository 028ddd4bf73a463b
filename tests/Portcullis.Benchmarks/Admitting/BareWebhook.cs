using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Portcullis.Http.Serving;
using Portcullis.Testing.Servers;

namespace Portcullis.Benchmarks.Admitting;

/// <summary>The floor: a Kestrel handler that reads a review, looks the image up among 100,000 names, and admits.</summary>
internal sealed class BareWebhook
{
    private readonly FrozenSet<string> _images;

    private BareWebhook(IEnumerable<string> images) => _images = images.ToFrozenSet(StringComparer.Ordinal);

    public static Task<HttpServer> StartAsync(IEnumerable<string> images)
    {
        var bare = new BareWebhook(images.Concat(Enumerable.Range(0, 100_000).Select(i => $"registry.example.com/other/image-{i}:1")));
        return LoopbackServer.StartAsync(LoopbackCertificate.Create(), bare.HandleAsync);
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var review = await JsonDocument.ParseAsync(context.Request.Body);
        var request = review.RootElement.GetProperty("request");
        var containers = request.GetProperty("object").GetProperty("spec").GetProperty("containers");
        var allowed = true;
        foreach (var container in containers.EnumerateArray())
        {
            allowed &= _images.Contains(container.GetProperty("image").GetString()!);
        }

        context.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        writer.WriteStartObject();
        writer.WriteString("apiVersion", "admission.k8s.io/v1");
        writer.WriteString("kind", "AdmissionReview");
        writer.WriteStartObject("response");
        writer.WriteString("uid", request.GetProperty("uid").GetString());
        writer.WriteBoolean("allowed", allowed);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
