using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.Core.Repositories;
using Portcullis.Core.Webhooks;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Testing.Registries;
using Portcullis.Tests.Repositories;

namespace Portcullis.Tests.Webhooks;

/// <summary>What is wrong with a webhook before anything is sent, where it shows, and what becomes of deliveries when it is mended.</summary>
public class WebhookSettingsTests
{
    [Test]
    public async Task A_webhook_whose_Secret_is_missing_is_a_problem_of_its_Repository_and_what_waits_is_sent_as_soon_as_the_Secret_is_right()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var world = await RegistryWorld.StartAsync();
        await DeclareAsync(world, receiver);
        await world.UntilAsync(async () => await ReadyAsync(world) is ("False", var message) && message.Contains("there is no Secret signing", StringComparison.Ordinal), "the Repository to name the Secret");

        await world.PushAsync("v1", ImageBuilder.Small());
        await world.UntilAsync(async () => await StatusAsync(world) is { } waiting && waiting["attempts"]?.GetValue<int>() == 2, "two attempts");
        var next = DateTimeOffset.Parse((await StatusAsync(world)).String("nextAttemptAt")!, CultureInfo.InvariantCulture);
        await world.UntilAsync(async () => (await RepositoryAsync(world)).Object("status")?["pendingDeliveries"]?.GetValue<int>() == 1, "the count");
        await SecretAsync(world, "other.example.com");
        await world.UntilAsync(async () => await ReadyAsync(world) is ("False", var message) && message.Contains("annotate it portcullis.dev/allowed-host=127.0.0.1", StringComparison.Ordinal), "the Repository to name the annotation");
        await SecretAsync(world, receiver.Address.Authority);

        await world.UntilAsync(() => Task.FromResult(receiver.Received.Count == 1), "the notification");
        Assert.That(TimeProvider.System.GetUtcNow(), Is.LessThan(next), "it did not wait for its next attempt");
        await world.UntilAsync(async () => (await ReadyAsync(world)).Status == "True", "the Repository to be Ready");
    }

    [Test]
    public async Task A_receiver_that_the_Registry_does_not_allow_is_a_problem_of_the_Repository_until_the_Registry_lists_it()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var world = await RegistryWorld.StartAsync(egress: "10.1.2.3");
        await world.DeclareAsync($"webhooks: [{{name: ci, events: [TAG_PUSH], url: \"{receiver.Address.AbsoluteUri}hook?token=abc\"}}]");
        await world.UntilAsync(async () => await ReadyAsync(world) is ("False", var message) && message.Contains("list it in the Registry's spec.egress", StringComparison.Ordinal), "the Repository to name the Registry's field");
        Assert.That((await ReadyAsync(world)).Message, Does.StartWith("spec.webhooks[0]: the webhook ci cannot be sent: ").And.Not.Contain("abc"));

        await world.Cluster.Client.MergePatchAsync(
            Core.Registries.Registry.Definition, ObjectKey.Cluster("dtr"), JsonNode.Parse("""{"spec":{"egress":["127.0.0.1"]}}""")!.AsObject(), new WriteOptions("test"), default);

        await world.UntilAsync(async () => (await ReadyAsync(world)).Status == "True", "the Repository to be Ready");
    }

    private static Task DeclareAsync(RegistryWorld world, WebhookReceiver receiver) => world.Cluster.ApplyAsync($$"""
        apiVersion: portcullis.dev/v1alpha1
        kind: Repository
        metadata: {name: web, labels: {portcullis.dev/source: root} }
        spec:
          registry: dtr
          name: {{RegistryWorld.Name}}
          webhooks: [{name: ci, events: [TAG_PUSH], url: "{{receiver.Address.AbsoluteUri}}hook", secretRef: {name: signing} }]
        """);

    private static Task SecretAsync(RegistryWorld world, string host) => world.Cluster.ApplyAsync($$"""
        apiVersion: v1
        kind: Secret
        metadata:
          name: signing
          namespace: portcullis-system
          labels: {portcullis.dev/allowed-source: root}
          annotations: {portcullis.dev/allowed-host: "{{host}}"}
        stringData: {secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}
        """);

    private static async Task<(string Status, string Message)> ReadyAsync(RegistryWorld world)
    {
        var ready = ((await RepositoryAsync(world)).Object("status").Array("conditions") ?? []).OfType<JsonObject>().FirstOrDefault(c => c.String("type") == "Ready");
        return (ready.String("status") ?? "", ready.String("message") ?? "");
    }

    private static Task<JsonObject?> RepositoryAsync(RegistryWorld world) => world.Cluster.Client.GetAsync(Repository.Definition, ObjectKey.Cluster("web"), default);

    private static async Task<JsonObject?> StatusAsync(RegistryWorld world) => (await world.Cluster.Client.FirstAsync(WebhookDelivery.Definition, new ListOptions(), default)).Object("status");
}
