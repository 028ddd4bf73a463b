using System.Net;
using Portcullis.Clients.Registry;
using Portcullis.Core.Repositories;
using Portcullis.Repositories.Ledger;
using Portcullis.Testing;
using Portcullis.Testing.Registries;

namespace Portcullis.Tests.Gateway;

[TestFixture]
internal sealed class PullBlockingTests
{
    private GatewayWorld _world = null!;
    private HttpClient _bob = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _world = await GatewayWorld.StartAsync("pullBlocking: {criteria: [{field: Tag, operator: StartsWith, values: [released]}]}");
        _bob = _world.Client("bob");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _bob?.Dispose();
        if (_world is not null)
        {
            await _world.DisposeAsync();
        }
    }

    [Test]
    public async Task What_does_not_meet_the_criteria_is_pulled_neither_by_tag_nor_by_digest_nor_as_a_part_of_an_index()
    {
        var (blocked, released) = (ImageBuilder.Index(ImageBuilder.Small(1), ImageBuilder.Small(2)), ImageBuilder.Index(ImageBuilder.Small(3), ImageBuilder.Small(4)));
        var ann = _world.Through("ann");
        await blocked.PushAsync(ann, GatewayWorld.Name, "dev-1");
        await released.PushAsync(ann, GatewayWorld.Name, "released-1");
        var ledgers = (TagLedgers)_world.Gateways[0].Services.GetService(typeof(TagLedgers))!;
        await Eventually.HoldsAsync(() => ledgers.Of(new RepositoryId("dtr", GatewayWorld.Name)).Count(e => e.Digest is not null) == 2);
        await Assert.MultipleAsync(async () =>
        {
            foreach (var reference in (string[])["dev-1", blocked.Digest, blocked.Children[0].Digest])
            {
                var (status, text) = await GetAsync(reference);
                Assert.That((status, text.Contains("may not be pulled", StringComparison.Ordinal)), Is.EqualTo((HttpStatusCode.Forbidden, true)), reference);
            }

            foreach (var reference in (string[])["released-1", released.Digest, released.Children[1].Digest])
            {
                Assert.That((await GetAsync(reference)).Status, Is.EqualTo(HttpStatusCode.OK), reference);
            }
        });
    }

    [Test]
    public async Task What_is_not_known_of_an_image_blocks_it()
    {
        await _world.DeclareRepositoryAsync("pullBlocking: {criteria: [{field: CriticalVulnerabilities, operator: LessOrEqual, values: ['0']}]}");
        var image = ImageBuilder.Small(9);
        await image.PushAsync(_world.Through("ann"), GatewayWorld.Name, "unscanned");
        await Eventually.HoldsAsync(async () => (await GetAsync("unscanned")).Text.Contains("not scanned", StringComparison.Ordinal));
        await _world.DeclareRepositoryAsync("pullBlocking: {criteria: [{field: Tag, operator: StartsWith, values: [released]}]}");
    }

    private async Task<(HttpStatusCode Status, string Text)> GetAsync(string reference)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v2/{GatewayWorld.Name}/manifests/{reference}");
        request.Headers.TryAddWithoutValidation("Accept", $"{RegistryMediaTypes.OciManifest}, {RegistryMediaTypes.OciIndex}");
        using var response = await _bob.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
