using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Core;

namespace Portcullis.Admission;

/// <summary>How the API server calls the webhooks: by a URL, or by a path of our Service; below a segment that nobody else knows.</summary>
internal sealed record WebhookAddress(string? UrlBase, string? Service, int ServicePort, string Segment)
{
    public JsonObject ClientConfig(string path, string authority)
    {
        var config = new JsonObject { ["caBundle"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(authority)) };
        if (Service is null)
        {
            config["url"] = $"{UrlBase}/{Segment}{path}";
        }
        else
        {
            config["service"] = new JsonObject
            {
                ["namespace"] = WellKnown.SystemNamespace, ["name"] = Service, ["path"] = $"/{Segment}{path}", ["port"] = ServicePort,
            };
        }

        return config;
    }
}
