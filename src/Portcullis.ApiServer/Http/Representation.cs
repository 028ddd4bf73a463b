using Microsoft.AspNetCore.Http;

namespace Portcullis.ApiServer.Http;

/// <summary>What shape an answer takes.</summary>
internal enum AnswerShape
{
    Object,
    Table,
    Metadata,
    Discovery,
}

/// <summary>The media type of an answer, from the Accept header.</summary>
internal sealed record Representation(string MediaType, AnswerShape Shape)
{
    public static readonly Representation Json = new("application/json", AnswerShape.Object);

    private static readonly Representation Yaml = new("application/yaml", AnswerShape.Object);

    /// <summary>The first acceptable type that the server has; null when there is none (406).</summary>
    public static Representation? Negotiate(HttpRequest request)
    {
        var accept = request.Headers.Accept.ToString();
        if (accept.Length == 0)
        {
            return Json;
        }

        foreach (var part in accept.Split(','))
        {
            if (Parse(part.Trim()) is { } answer)
            {
                return answer;
            }
        }

        return null;
    }

    private static Representation? Parse(string part)
    {
        var pieces = part.Split(';', StringSplitOptions.TrimEntries);
        var parameters = pieces.Skip(1).Select(p => p.Split('=', 2)).Where(p => p.Length == 2).ToLookup(p => p[0], p => p[1], StringComparer.Ordinal);
        var shape = parameters["as"].FirstOrDefault();
        switch (pieces[0])
        {
            case "application/json" when shape is null:
                return Json;
            case "application/json":
                return As(shape!, parameters["g"].FirstOrDefault(), parameters["v"].FirstOrDefault());
            case "*/*" or "application/*":
                return Json;
            case "application/yaml" when shape is null:
                return Yaml;
            default:
                return null;
        }
    }

    private static Representation? As(string shape, string? group, string? version) => (shape, group, version) switch
    {
        ("Table", "meta.k8s.io", "v1") => new("application/json", AnswerShape.Table),
        ("PartialObjectMetadata" or "PartialObjectMetadataList", "meta.k8s.io", "v1") => new("application/json", AnswerShape.Metadata),
        ("APIGroupDiscoveryList", "apidiscovery.k8s.io", "v2") =>
            new("application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList", AnswerShape.Discovery),
        _ => null,
    };
}
