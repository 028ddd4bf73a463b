using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Portcullis.Clients.Registry;
using Portcullis.Core.Webhooks;
using Portcullis.Gateway;
using Portcullis.Kubernetes.Client;
using Portcullis.Testing;
using Portcullis.Testing.Registries;
using Prometheus;

namespace Portcullis.Tests.Gateway;

/// <summary>What is on record of requests: the audit, notifications of pulls, and metrics.</summary>
[TestFixture]
internal sealed class RecordsTests
{
    private GatewayWorld _world = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _world = await GatewayWorld.StartAsync("webhooks: [{name: ci, events: [TAG_PULL], url: 'https://ci.example.com/hook'}]");

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_world is not null)
        {
            await _world.DisposeAsync();
        }
    }

    [Test]
    public async Task Who_asked_for_what_and_what_was_decided_is_on_record_with_nothing_of_his_token()
    {
        var image = ImageBuilder.Small(1);
        await image.PushAsync(_world.Through("ann"), GatewayWorld.Name, "1");
        using var bob = _world.Client("bob");
        bob.DefaultRequestHeaders.TryAddWithoutValidation("Accept", RegistryMediaTypes.OciManifest);
        Assert.That((await bob.GetAsync($"/v2/{GatewayWorld.Name}/manifests/1")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await bob.DeleteAsync($"/v2/{GatewayWorld.Name}/manifests/1")).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        var subject = $"{_world.Host}/{GatewayWorld.Name}:1";
        Assert.That(_world.Audit.Records, Has.Some.EqualTo(new GatewayAuditRecord("ann", "push", subject, "grant ann") { Status = 201, Digest = image.Digest, Address = "127.0.0.1" }));
        Assert.That(_world.Audit.Records, Has.Some.EqualTo(new GatewayAuditRecord("bob", "pull", subject, "grant bob") { Status = 200, Digest = image.Digest, Address = "127.0.0.1" }));
        var denied = _world.Audit.Records.Single(r => r is { Caller: "bob", Verb: "delete" });
        Assert.That((denied.Status, denied.Reason), Is.EqualTo((403, $"requested access to the resource is denied: bob may not delete from {GatewayWorld.Name}")));
        Assert.That(string.Join('\n', _world.Audit.Records), Does.Not.Contain(TestTokens.Of("bob")[..4]));

        await Eventually.HoldsAsync(async () => (await DeliveriesAsync()).Any(d => d.Contains(image.Digest, StringComparison.Ordinal) && d.Contains("TAG_PULL", StringComparison.Ordinal)));
    }

    [Test]
    public async Task Requests_are_counted_by_what_came_of_them()
    {
        using var nobody = _world.Client(null);
        await nobody.GetAsync($"/v2/{GatewayWorld.Name}/tags/list");
        await nobody.GetAsync("/v2/Shop/web/tags/list");
        using var text = new MemoryStream();
        await _world.Gateways[0].Services.GetRequiredService<CollectorRegistry>().CollectAndExportAsTextAsync(text);
        var exposed = Encoding.UTF8.GetString(text.ToArray());
        Assert.That(exposed, Does.Contain("gateway_requests_total{result=\"unauthorized\",verb=\"list\"}").And.Contain("gateway_requests_total{result=\"refused\",verb=\"invalid\"}"));
    }

    private async Task<IReadOnlyList<string>> DeliveriesAsync()
    {
        var found = new List<string>();
        await foreach (var delivery in _world.Cluster.Client.ListAsync(WebhookDelivery.Definition, new ListOptions(), default))
        {
            found.Add(delivery.ToJsonString());
        }

        return found;
    }
}
