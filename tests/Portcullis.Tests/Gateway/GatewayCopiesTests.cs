using System.Net;
using System.Net.Http.Headers;
using Portcullis.Clients.Registry;
using Portcullis.Testing.Registries;

namespace Portcullis.Tests.Gateway;

/// <summary>Two gateways before one registry, and gateways whose cluster is away.</summary>
[TestFixture]
internal sealed class GatewayCopiesTests
{
    private const string Manifests = $"/v2/{GatewayWorld.Name}/manifests/";

    private GatewayWorld _world = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _world = await GatewayWorld.StartAsync("immutability: {rules: [{tags: ['1']}]}");

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_world is not null)
        {
            await _world.DisposeAsync();
        }
    }

    [Test]
    public async Task Of_fifty_pushes_at_once_to_an_immutable_tag_through_two_gateways_one_succeeds()
    {
        var second = await _world.StartGatewayAsync();
        var images = Enumerable.Range(0, 50).Select(i => new ImageBuilder(1).WithLayers(1, 100).WithAnnotation("number", $"{i}").Build()).ToList();
        await images[0].PushAsync(_world.Through("ann"), GatewayWorld.Name, "warm");
        using var one = _world.Client("ann");
        using var other = _world.Client("ann");
        other.BaseAddress = new Uri(second.Address!);
        var statuses = await Task.WhenAll(images.Select((image, i) => PutAsync(i % 2 == 0 ? one : other, "1", image.Manifest)));
        Assert.That(statuses.Count(s => s == HttpStatusCode.Created), Is.EqualTo(1), string.Join(' ', statuses));
        Assert.That(statuses.Where(s => s is not (HttpStatusCode.Created or HttpStatusCode.Conflict)), Is.Empty);
    }

    [Test]
    public async Task While_the_cluster_is_away_pulls_go_on_and_pushes_are_refused_for_now()
    {
        var image = ImageBuilder.Small(3);
        await image.PushAsync(_world.Through("ann"), GatewayWorld.Name, "kept");
        using var ann = _world.Client("ann");
        ann.DefaultRequestHeaders.TryAddWithoutValidation("Accept", RegistryMediaTypes.OciManifest);
        var (pull, push) = (HttpStatusCode.Unused, HttpStatusCode.Unused);
        await _world.Cluster.RestartAsync(_ =>
        {
            pull = ann.GetAsync(Manifests + "kept").GetAwaiter().GetResult().StatusCode;
            push = PutAsync(ann, "new", image.Manifest).GetAwaiter().GetResult();
        });
        Assert.That((pull, push), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable)));
    }

    private static async Task<HttpStatusCode> PutAsync(HttpClient client, string reference, RegistryManifest manifest)
    {
        var content = new ByteArrayContent(manifest.Bytes.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue(manifest.MediaType);
        using var response = await client.PutAsync(Manifests + reference, content);
        return response.StatusCode;
    }
}
