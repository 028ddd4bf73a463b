using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Portcullis.ApiServer.Http;
using Portcullis.ApiServer.Resources;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Discovery;

/// <summary>
/// OpenAPI v3, one document a group and version, made from the kinds' schemas: what <c>kubectl explain</c> and client-side validation
/// read. Version 2 is not served, since kubectl has preferred version 3 since 1.27.
/// </summary>
internal sealed class OpenApiDocuments(KindRegistry kinds)
{
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

    public static Task V2Async(HttpContext context)
    {
        var status = new StatusException(404, "NotFound", "this server has OpenAPI v3 only (/openapi/v3)", []);
        return Answer.StatusAsync(context, status);
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
                _generation = catalog.Generation;
            }

            return _documents;
        }
    }

    private static string PathOf(ApiResource resource) =>
        resource.Group.Length == 0 ? $"api/{resource.Version}" : $"apis/{resource.Group}/{resource.Version}";
}
