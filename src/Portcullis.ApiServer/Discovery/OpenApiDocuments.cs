using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Portcullis.ApiServer.Http;
using Portcullis.ApiServer.Kinds;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Discovery;

/// <summary>
/// OpenAPI v3, one document a group and version, made from the kinds' schemas: what <c>kubectl explain</c> and client-side validation
/// read. Version 2 is empty, since kubectl has preferred version 3 since 1.27.
/// </summary>
internal sealed class OpenApiDocuments(KindRegistry kinds)
{
    /// <summary>The same in Protobuf (gnostic's Document): swagger 2.0, info of title and version, no paths.</summary>
    private static ReadOnlySpan<byte> EmptyV2 => "\n\u00032.0\u0012\u0010\n\nPortcullis\u0012\u0002v1B\0"u8;

    private readonly Lock _lock = new();
    private long _generation = -1;
    private Dictionary<string, byte[]> _documents = [];

    public JsonObject Index()
    {
        var paths = new JsonObject();
        foreach (var (path, document) in Documents())
        {
            var hash = Convert.ToHexString(SHA512.HashData(document));
            paths[path] = new JsonObject { ["serverRelativeURL"] = $"/openapi/v3/{path}?hash={hash}" };
        }

        return new JsonObject { ["paths"] = paths };
    }

    public byte[]? Document(string path) => Documents().GetValueOrDefault(path);

    /// <summary>A version 2 document that describes nothing: kubectl asks for it only about kinds that version 3 does not have.</summary>
    public static Task V2Async(HttpContext context)
    {
        const string protobuf = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
        if (context.Request.Headers.Accept.ToString().Contains(protobuf, StringComparison.Ordinal))
        {
            return Answer.WriteAsync(context, 200, protobuf.Replace('@', '.'), EmptyV2.ToArray());
        }

        return Answer.WriteAsync(context, 200, new JsonObject
        {
            ["swagger"] = "2.0",
            ["info"] = new JsonObject { ["title"] = "Portcullis", ["version"] = "v1" },
            ["paths"] = new JsonObject(),
        });
    }

    private Dictionary<string, byte[]> Documents()
    {
        var catalog = kinds.Current;
        lock (_lock)
        {
            if (_generation != catalog.Generation)
            {
                _documents = catalog.Kinds
                    .GroupBy(k => PathOf(k.Resource), StringComparer.Ordinal)
                    .OrderBy(g => g.Key, StringComparer.Ordinal)
                    .ToDictionary(g => g.Key, g => KubernetesJson.ToBytes(OpenApiDocument.Of([.. g])), StringComparer.Ordinal);
                _documents["version"] = KubernetesJson.ToBytes(OpenApiDocument.OfVersion());
                _generation = catalog.Generation;
            }

            return _documents;
        }
    }

    private static string PathOf(ApiResource resource) =>
        resource.Group.Length == 0 ? $"api/{resource.Version}" : $"apis/{resource.Group}/{resource.Version}";
}
