using System.Text.Json.Nodes;
using Portcullis.Core.Repositories;
using Portcullis.Core.Webhooks;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Testing.Registries;
using Portcullis.Tests.Repositories;

namespace Portcullis.Tests.Webhooks;

/// <summary>From a push to the receiver of its notification.</summary>
public class WebhookTests
{
    [Test]
    public async Task A_push_is_told_to_the_webhook_in_the_form_of_DTR()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var world = await RegistryWorld.StartAsync(Webhook(receiver, "TAG_PUSH"));
        await world.PushAsync("v1", ImageBuilder.Small());

        await world.UntilAsync(() => Task.FromResult(receiver.Received.Count == 1), "the notification");
        var notice = receiver.Received[0];
        var body = JsonNode.Parse(notice.Body)!.AsObject();
        var contents = body.Object("contents")!;
        Assert.That(body.String("type"), Is.EqualTo("TAG_PUSH"));
        Assert.That(body.String("location"), Is.EqualTo("/repositories/shop/web/tags/v1"));
        Assert.That(contents.String("imageName"), Is.EqualTo("dtr.example.com/shop/web:v1"));
        Assert.That(
            (contents.String("namespace"), contents.String("repository"), contents.String("tag"), contents.String("digest"), contents.String("author")),
            Is.EqualTo(("shop", "web", "v1", ImageBuilder.Small().Digest, "ann")));
        Assert.That((contents.String("os"), contents.String("architecture")), Is.EqualTo(("linux", "amd64")));
        Assert.That(notice.Headers["Content-Type"], Does.StartWith("application/json"));
        Assert.That(notice.Headers, Does.ContainKey("webhook-id"));
        await world.UntilAsync(async () => !await AnyDeliveryAsync(world), "the delivery to be gone once it is delivered");
    }

    [Test]
    public async Task A_notification_is_delivered_when_the_receiver_is_back()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Status = 503;
        await using var world = await RegistryWorld.StartAsync(Webhook(receiver, "TAG_DELETE"));
        await world.PushAsync("v1", ImageBuilder.Small());
        await world.Writes.DeleteTagAsync(RegistryWorld.Id, "v1", "bob", default);
        await world.UntilAsync(async () => (await FirstAsync(world)).Object("status").String("lastError")?.Contains("503", StringComparison.Ordinal) == true, "a failed attempt");

        receiver.Status = 200;

        await world.UntilAsync(async () => !await AnyDeliveryAsync(world), "the delivery");
        Assert.That(receiver.Received[^1].Body, Does.Contain("\"TAG_DELETE\"").And.Contain("\"author\":\"bob\""));
        Assert.That(receiver.Received.Select(r => r.Headers["webhook-id"]).Distinct().Count(), Is.EqualTo(1), "attempts of one delivery have one id");
    }

    [Test]
    public async Task A_receiver_at_a_private_address_that_the_registry_does_not_list_gets_nothing()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var world = await RegistryWorld.StartAsync(Webhook(receiver, "TAG_PUSH"), egress: "10.1.2.3");
        await world.PushAsync("v1", ImageBuilder.Small());

        await world.UntilAsync(async () => (await FirstAsync(world)).Object("status").String("lastError")?.Contains("spec.egress", StringComparison.Ordinal) == true, "the refusal");
        Assert.That(receiver.Received, Is.Empty);
    }

    [Test]
    public async Task A_delivery_whose_webhook_left_Git_is_not_sent_any_more()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Status = 500;
        await using var world = await RegistryWorld.StartAsync(Webhook(receiver, "TAG_PUSH"));
        await world.PushAsync("v1", ImageBuilder.Small());
        await world.UntilAsync(() => Task.FromResult(receiver.Received.Count > 0), "an attempt");

        await world.DeclareAsync("");

        await world.UntilAsync(async () => !await AnyDeliveryAsync(world), "the delivery to be dropped");
    }

    [Test]
    public async Task A_dead_letter_is_shown_and_sent_again_on_request()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Status = 500;
        await using var world = await RegistryWorld.StartAsync(Webhook(receiver, "TAG_PUSH"));
        await world.Cluster.ApplyAsync($$"""
            apiVersion: portcullis.dev/v1alpha1
            kind: WebhookDelivery
            metadata: {name: web.ci.old}
            spec: {repository: web, webhook: ci, event: TAG_PUSH, body: "{}", createdAt: "2026-01-01T00:00:00Z"}
            """);
        await world.UntilAsync(async () => (await FirstAsync(world)).Object("status").String("state") == "DeadLetter", "the dead letter");
        await world.UntilAsync(async () => (await RepositoryAsync(world)).Object("status")?["deadLetters"]?.GetValue<int>() == 1, "the count");

        receiver.Status = 204;
        await world.Cluster.Client.MergePatchAsync(
            WebhookDelivery.Definition,
            ObjectKey.Cluster("web.ci.old"),
            JsonNode.Parse("""{"metadata":{"annotations":{"portcullis.dev/requestedAt":"1"}}}""")!.AsObject(),
            new WriteOptions("test"),
            default);

        await world.UntilAsync(async () => !await AnyDeliveryAsync(world), "the delivery");
        await world.UntilAsync(async () => (await RepositoryAsync(world)).Object("status")?["deadLetters"]?.GetValue<int>() == 0, "the count");
    }

    private static string Webhook(WebhookReceiver receiver, string events) =>
        $"webhooks: [{{name: ci, events: [{events}], url: \"{receiver.Address.AbsoluteUri}hook?token=abc\"}}]";

    private static Task<JsonObject?> RepositoryAsync(RegistryWorld world) => world.Cluster.Client.GetAsync(Repository.Definition, ObjectKey.Cluster("web"), default);

    private static Task<JsonObject?> FirstAsync(RegistryWorld world) => world.Cluster.Client.FirstAsync(WebhookDelivery.Definition, new ListOptions(), default);

    private static async Task<bool> AnyDeliveryAsync(RegistryWorld world) => await FirstAsync(world) is not null;
}
