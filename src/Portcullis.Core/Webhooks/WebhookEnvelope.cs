using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Core.Repositories;

namespace Portcullis.Core.Webhooks;

/// <summary>DTR's envelope of a notification: type, createdAt, contents, location.</summary>
public static class WebhookEnvelope
{
    public static string Of(RepositoryNotice notice) => new JsonObject
    {
        ["type"] = NameOf(notice.Event),
        ["createdAt"] = RepositoryNotice.Time(notice.At),
        ["contents"] = notice.Contents(),
        ["location"] = notice.Location(),
    }.ToJsonString();

    /// <summary>DTR's name of an event, such as TAG_PUSH.</summary>
    public static string NameOf(WebhookEvent one) => JsonSerializer.SerializeToNode(one, WebhooksJsonContext.Default.WebhookEvent)!.GetValue<string>();

    internal static string TimeField(WebhookEvent one) => one switch
    {
        WebhookEvent.TagDelete or WebhookEvent.ManifestDelete => "deletedAt",
        WebhookEvent.TagPull or WebhookEvent.ManifestPull => "pulledAt",
        _ => "pushedAt",
    };
}
