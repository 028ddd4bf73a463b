using System.Net.Http.Headers;
using Portcullis.Clients.Registry;
using Portcullis.Clients.Registry.Authorization;
using Portcullis.Clients.Registry.Copying;
using Portcullis.Testing;
using Portcullis.Testing.Faults;
using Portcullis.Testing.Registries;

namespace Portcullis.Clients.Tests.Registry;

/// <summary>A real docker-registry that wants tokens of a token server on another port.</summary>
[TestFixture]
internal sealed class RegistryTokenTests
{
    private RegistryTokenServer _tokens = null!;
    private DockerRegistry _registry = null!;

    [SetUp]
    public async Task StartAsync()
    {
        Assume.That(DockerRegistry.Missing, Is.Null);
        _tokens = await RegistryTokenServer.StartAsync();
        _registry = await DockerRegistry.StartAsync(new DockerRegistryOptions { Tokens = _tokens.Tokens, RelativeLocations = true });
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _registry.DisposeAsync();
        await _tokens.DisposeAsync();
    }

    private string Realm => _tokens.Realm.Authority;

    private RegistryClientOptions WithPassword => new() { Credential = new RegistryCredential.Basic(DockerRegistry.User, DockerRegistry.Password), Realms = [Realm] };

    [Test]
    public async Task Each_right_is_asked_for_once_and_no_more_than_is_needed()
    {
        var client = _registry.Client(WithPassword);
        await ImageBuilder.Small().PushAsync(client, "team/app", "1");
        await client.Tags.ListAsync("team/app", default);
        await client.Manifests.GetAsync("team/app", "1", default);
        await client.Tags.ListRepositoriesAsync(default);
        await client.Manifests.DeleteAsync("team/app", ImageBuilder.Small().Digest, default);
        await new ImageCopy(client).CopyAsync(Copy("team/app"), default);

        Assert.That(_tokens.Asked, Is.EqualTo(new[]
        {
            "repository:team/app:pull,push", "repository:team/app:pull", "registry:catalog:*", "repository:team/app:delete",
        }));
    }

    [Test]
    public async Task Many_requests_at_once_wait_for_one_token()
    {
        var client = _registry.Client(WithPassword);
        await ImageBuilder.Small().PushAsync(client, "team/app", "1");
        var before = _tokens.Asked.Count;

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.Tags.ListAsync("team/app", default)));

        Assert.That(_tokens.Asked, Has.Count.EqualTo(before + 1));
    }

    [Test]
    public async Task A_mount_asks_for_pull_on_its_source()
    {
        var client = _registry.Client(WithPassword);
        await ImageBuilder.Small().PushAsync(client, "team/app", "1");

        await new ImageCopy(client).CopyAsync(Copy("team/app"), default);

        Assert.That(_tokens.Asked, Does.Contain("repository:team/released:pull,push repository:team/app:pull"));
        Assert.That((await client.Manifests.HeadAsync("team/released", "1", default))!.Digest, Is.EqualTo(ImageBuilder.Small().Digest));
    }

    [Test]
    public async Task A_refresh_token_gets_tokens_without_a_password()
    {
        var client = _registry.Client(new RegistryClientOptions { Credential = new RegistryCredential.RefreshToken(RegistryTokenServer.RefreshToken), Realms = [Realm] });

        await ImageBuilder.Small().PushAsync(client, "team/app", "1");

        Assert.That(await client.Tags.ListAsync("team/app", default), Is.EqualTo(new[] { "1" }));
    }

    [Test]
    public async Task A_token_that_the_registry_no_longer_takes_is_renewed_once()
    {
        var client = _registry.Client(WithPassword);
        await ImageBuilder.Small().PushAsync(client, "team/app", "1");
        _tokens.Life = TimeSpan.FromHours(-1);

        var refused = (await Assert.ThrowsAsync<RegistryException>(() => client.Tags.ListAsync("team/app", default)))!;
        Assert.That(refused.Kind, Is.EqualTo(RegistryFailure.Unauthorized));
        Assert.That(_tokens.Asked, Is.EqualTo(new[] { "repository:team/app:pull,push", "repository:team/app:pull", "repository:team/app:pull" }));

        _tokens.Life = TimeSpan.FromMinutes(5);
        Assert.That(await client.Tags.ListAsync("team/app", default), Is.EqualTo(new[] { "1" }), "the one it refused is thrown away");
    }

    [Test]
    public async Task A_token_is_left_before_it_expires()
    {
        var client = _registry.Client(WithPassword);
        await ImageBuilder.Small().PushAsync(client, "team/app", "1");
        var clock = new ManualTimeProvider(TimeProvider.System.GetUtcNow());
        client = _registry.Client(WithPassword with { Time = clock });
        var before = _tokens.Asked.Count;

        await client.Tags.ListAsync("team/app", default);
        clock.Advance(TimeSpan.FromSeconds(280));
        await client.Tags.ListAsync("team/app", default);
        Assert.That(_tokens.Asked, Has.Count.EqualTo(before + 1));
        clock.Advance(TimeSpan.FromSeconds(11));
        await client.Tags.ListAsync("team/app", default);

        Assert.That(_tokens.Asked, Has.Count.EqualTo(before + 2), "10 s before its end");
    }

    [Test]
    public async Task A_token_for_another_audience_opens_nothing()
    {
        _tokens.Audience = "another registry";

        var refused = (await Assert.ThrowsAsync<RegistryException>(() => ImageBuilder.Small().PushAsync(_registry.Client(WithPassword), "team/app", "1")))!;

        Assert.That((refused.Kind, refused.Code), Is.EqualTo((RegistryFailure.Unauthorized, "UNAUTHORIZED")));
    }

    [Test]
    public async Task A_wrong_password_is_said_in_the_token_servers_words_and_not_shown()
    {
        var client = _registry.Client(WithPassword with { Credential = new RegistryCredential.Basic(DockerRegistry.User, "wr0ng-one") });

        var refused = (await Assert.ThrowsAsync<RegistryException>(() => client.Tags.ListAsync("team/app", default)))!;

        Assert.That((refused.Kind, refused.Message), Is.EqualTo((RegistryFailure.Unauthorized, $"GET {_tokens.Realm}: 401 UNAUTHORIZED wrong password")));
        Assert.That(refused.ToString(), Does.Not.Contain("wr0ng-one"));
    }

    [TestCase("127.0.0.1:1")]
    [TestCase("127.0.0.1")]
    [TestCase("localhost")]
    public async Task A_realm_on_another_host_gets_nothing(string allowed)
    {
        var client = _registry.Client(WithPassword with { Realms = [allowed] });

        var refused = (await Assert.ThrowsAsync<RegistryException>(() => client.Tags.ListAsync("team/app", default)))!;

        Assert.That(refused.Kind, Is.EqualTo(RegistryFailure.Refused));
        Assert.That(refused.Message, Does.Contain($"names the token server {Realm}, which is another host"));
        Assert.That(_tokens.Asked, Is.Empty);
    }

    [Test]
    public async Task Who_mints_tokens_makes_no_request_for_them()
    {
        await using var proxy = await FaultProxy.StartAsync(_registry.Address);
        var client = _registry.Client(proxy.Address, new RegistryClientOptions { Authorization = new Mint(_tokens.Signer) });
        var image = ImageBuilder.Small(layers: 5);
        await image.PushAsync(client, "team/app", "1");
        proxy.Faults.Reset();

        await new ImageCopy(client).CopyAsync(Copy("team/app") with { SourceReference = image.Digest }, default);

        Assert.That(proxy.Faults.Seen, Has.Count.EqualTo(image.Blobs.Count + 3));
        Assert.That(_tokens.Asked, Is.Empty);
    }

    private static CopyRequest Copy(string from) => new() { SourceRepository = from, SourceReference = "1", TargetRepository = "team/released", TargetTag = "1" };

    private sealed class Mint(RegistryTokenSigner signer) : IRegistryAuthorization
    {
        public ValueTask<AuthenticationHeaderValue?> AuthorizeAsync(RegistryAccess access, CancellationToken cancellationToken) =>
            ValueTask.FromResult<AuthenticationHeaderValue?>(new AuthenticationHeaderValue("Bearer", signer.Sign(RegistryTokenServer.Service, access.Scopes)));
    }
}
