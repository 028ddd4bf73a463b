using System.Net;
using System.Net.Http.Headers;
using Portcullis.Clients.Registry;
using Portcullis.Core.Repositories;
using Portcullis.Testing.Registries;

namespace Portcullis.Tests.Gateway;

/// <summary>Images through the gateway, against a real docker-registry.</summary>
[TestFixture]
internal sealed class PullAndPushTests
{
    private GatewayWorld _world = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _world = await GatewayWorld.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_world is not null)
        {
            await _world.DisposeAsync();
        }
    }

    [Test]
    public async Task An_image_that_was_pushed_is_pulled_again_byte_by_byte_and_the_ledger_says_who_pushed_it()
    {
        var image = new ImageBuilder(7).WithLayers(3, 300_000).Build();
        await image.PushAsync(_world.Through("ann"), GatewayWorld.Name, "1.0");
        var bob = _world.Through("bob");
        var pulled = await bob.Manifests.GetAsync(GatewayWorld.Name, "1.0", default);
        Assert.That(pulled!.Digest, Is.EqualTo(image.Digest));
        foreach (var blob in image.Blobs)
        {
            Assert.That(await bob.Blobs.ReadAsync(GatewayWorld.Name, ContentDigest.Of(blob), blob.Length, default), Is.EqualTo(blob));
        }

        var ledgers = _world.Gateways[0].Services.GetService(typeof(Portcullis.Repositories.Ledger.TagLedgers)) as Portcullis.Repositories.Ledger.TagLedgers;
        var entry = await ledgers!.ReadAsync(new RepositoryId("dtr", GatewayWorld.Name), "1.0", default);
        Assert.That((entry!.Digest, entry.Author, entry.Claim), Is.EqualTo((image.Digest, "ann", (TagClaim?)null)));
    }

    [Test]
    public async Task Whoever_may_only_read_does_not_write_and_nobody_reads_what_is_not_his()
    {
        using var bob = _world.Client("bob");
        using var dave = _world.Client("dave", $"repository:{GatewayWorld.Name}:pull,push", "repository:vault/secret:pull,push");
        using var ann = _world.Client("ann", "repository:vault/secret:pull", "repository:shop/none:pull,push");
        Assert.That(await StatusAsync(bob, HttpMethod.Post, $"/v2/{GatewayWorld.Name}/blobs/uploads/"), Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await StatusAsync(dave, HttpMethod.Get, $"/v2/{GatewayWorld.Name}/manifests/1.0"), Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await StatusAsync(dave, HttpMethod.Get, "/v2/vault/secret/tags/list"), Is.EqualTo(HttpStatusCode.Forbidden), "declared, and not his");
        Assert.That(await StatusAsync(dave, HttpMethod.Get, "/v2/vault/none/tags/list"), Is.EqualTo(HttpStatusCode.Forbidden), "not declared, and the answer is the same");
        Assert.That(await StatusAsync(ann, HttpMethod.Get, "/v2/shop/none/tags/list"), Is.EqualTo(HttpStatusCode.NotFound), "his, and not declared");
        Assert.That(await StatusAsync(ann, HttpMethod.Post, "/v2/shop/none/blobs/uploads/"), Is.EqualTo(HttpStatusCode.Forbidden), "Git declares repositories");
    }

    [TestCase("carl", "vault/secret", "vault/none")]
    [TestCase("bob", GatewayWorld.Name, "shop/none")]
    [TestCase("ann|shop/web", "shop/base", "shop/none")]
    public async Task Whoever_may_not_push_gets_one_answer_whether_the_repository_exists_or_not(string user, string declared, string undeclared)
    {
        using var client = _world.Client(user, $"repository:{declared}:pull,push", $"repository:{undeclared}:pull,push");
        async Task<string> AnswerAsync(string repository)
        {
            using var response = await client.PostAsync($"/v2/{repository}/blobs/uploads/", null);
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
            return (await response.Content.ReadAsStringAsync()).Replace(repository, "NAME", StringComparison.Ordinal);
        }

        Assert.That(await AnswerAsync(undeclared), Is.EqualTo(await AnswerAsync(declared)));
    }

    [Test]
    public async Task Without_a_token_a_client_is_told_where_to_get_one_and_for_what()
    {
        using var nobody = _world.Client(null);
        using var other = _world.Client("ann", "repository:shop/base:pull");
        using var wrong = _world.Client(null);
        wrong.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "!");
        Assert.That(await ChallengeAsync(nobody, "/v2/"), Is.EqualTo($"Bearer realm=\"http://{_world.Host}/token\",service=\"{_world.Host}\""));
        Assert.That(await ChallengeAsync(nobody, $"/v2/{GatewayWorld.Name}/tags/list"), Does.EndWith($",scope=\"repository:{GatewayWorld.Name}:pull\""));
        Assert.That(await ChallengeAsync(nobody, "/v2/_catalog"), Does.Contain("scope=\"registry:catalog:*\""));
        Assert.That(await ChallengeAsync(other, $"/v2/{GatewayWorld.Name}/tags/list"), Does.EndWith($",scope=\"repository:{GatewayWorld.Name}:pull\",error=\"insufficient_scope\""));
        Assert.That(await ChallengeAsync(wrong, "/v2/"), Does.EndWith(",error=\"invalid_token\""));
    }

    [Test]
    public async Task What_is_public_is_pulled_by_everybody_and_pushed_by_those_who_may()
    {
        var image = ImageBuilder.Small(3);
        await image.PushAsync(_world.Through("ann"), "shop/base", "latest");
        using var nobody = _world.Client(null);
        nobody.DefaultRequestHeaders.TryAddWithoutValidation("Accept", image.Manifest.MediaType);
        using var response = await nobody.GetAsync("/v2/shop/base/manifests/latest");
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await response.Content.ReadAsByteArrayAsync(), Is.EqualTo(image.Manifest.Bytes.ToArray()));
        Assert.That(await StatusAsync(nobody, HttpMethod.Post, "/v2/shop/base/blobs/uploads/"), Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    internal static async Task<HttpStatusCode> StatusAsync(HttpClient client, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path) { Content = method == HttpMethod.Post ? new ByteArrayContent([]) : null };
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }

    private static async Task<string> ChallengeAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        return response.Headers.WwwAuthenticate.ToString().Replace(", ", ",", StringComparison.Ordinal);
    }
}
