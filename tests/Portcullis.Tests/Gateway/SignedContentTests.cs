using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portcullis.Clients.Registry;
using Portcullis.Core.Repositories;
using Portcullis.Core.Signing;
using Portcullis.Kubernetes.Stores;
using Portcullis.Repositories.Ledger;
using Portcullis.Signing;
using Portcullis.Testing;
using Portcullis.Testing.Registries;
using Portcullis.Tests.Signing;

namespace Portcullis.Tests.Gateway;

/// <summary>What signatures mean at the gateway: carl signs for ci/release, ann administers, bob reads.</summary>
[TestFixture]
internal sealed class SignedContentTests
{
    private const string SignedByRelease = "pullBlocking: {criteria: [{field: SignedBy, operator: Equals, values: [ci/release]}]}";

    private readonly FakeVerifier _verifier = new();
    private readonly UserKey _carls = new();
    private GatewayWorld _world = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _world = await GatewayWorld.StartAsync(SignedByRelease, services: s => s.RemoveAll<IImageVerifier>().AddSingleton<IImageVerifier>(_verifier));
        await _world.Cluster.ApplyAsync($$"""
            apiVersion: portcullis.dev/v1alpha1
            kind: Organization
            metadata: {name: ci}
            spec: {users: [{name: carl, publicKeys: ["{{_carls.Quoted}}"]}, {name: dora}], teams: [{name: release, members: [carl]}, {name: other, members: [dora]}] }
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Repository
            metadata: {name: other}
            spec: {registry: dtr, name: shop/other, {{SignedByRelease}} }
            """);
        var repositories = _world.Gateways[0].Services.GetRequiredService<IStore<Repository>>();
        await Eventually.HoldsAsync(() => repositories.List().Any(r => r.Spec.Name == "shop/other"));
        await DeclarePolicyAsync("shop/*");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_world is not null)
        {
            await _world.DisposeAsync();
        }
    }

    [Test]
    public async Task An_image_is_pulled_once_the_team_has_signed_it_and_so_are_the_parts_of_a_signed_index()
    {
        var image = ImageBuilder.Index(ImageBuilder.Small(1), ImageBuilder.Small(2));
        await image.PushAsync(_world.Through("ann"), GatewayWorld.Name, "index");
        await RecordedAsync("index");
        var (before, text) = await GetAsync("bob", "index");
        _verifier.Sign(GatewayWorld.Name, "index", image.Digest, "targets/ci", _carls.Id);
        Assert.Multiple(() =>
        {
            Assert.That((before, text.Contains("not signed", StringComparison.Ordinal)), Is.EqualTo((HttpStatusCode.Forbidden, true)));
            Assert.That(GetAsync("bob", "index").Result.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(GetAsync("bob", image.Digest).Result.Status, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(GetAsync("bob", image.Children[1].Digest).Result.Status, Is.EqualTo(HttpStatusCode.OK));
        });
    }

    [Test]
    public async Task Releases_alone_are_nobodys_signature()
    {
        var image = ImageBuilder.Small(10);
        await image.PushAsync(_world.Through("ann"), GatewayWorld.Name, "released");
        _verifier.Sign(GatewayWorld.Name, "released", image.Digest, "targets/releases", _carls.Id);
        Assert.That((await GetAsync("bob", "released")).Status, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task A_signer_pulls_what_he_must_sign_and_no_other_bar_falls_for_him()
    {
        var image = ImageBuilder.Small(3);
        await image.PushAsync(_world.Through("ann"), GatewayWorld.Name, "unsigned");
        var (signer, admin, reader) = (await GetAsync("carl", "unsigned"), await GetAsync("ann", "unsigned"), await GetAsync("bob", "unsigned"));
        await _world.DeclareRepositoryAsync("pullBlocking: {criteria: [{field: SignedBy, operator: Equals, values: [ci/release]}, {field: Tag, operator: StartsWith, values: [v]}]}");
        await Eventually.HoldsAsync(async () => (await GetAsync("carl", "unsigned")).Status == HttpStatusCode.Forbidden);
        await _world.DeclareRepositoryAsync(SignedByRelease);
        await Eventually.HoldsAsync(async () => (await GetAsync("carl", "unsigned")).Status == HttpStatusCode.OK);
        Assert.That((signer.Status, admin.Status, reader.Status), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)));
    }

    [Test]
    public async Task A_signer_of_other_repositories_pulls_only_what_is_signed()
    {
        var image = ImageBuilder.Small(4);
        await image.PushAsync(_world.Through("ann"), GatewayWorld.Name, "elsewhere");
        await DeclarePolicyAsync("vault/*");
        await Eventually.HoldsAsync(async () => (await GetAsync("carl", "elsewhere")).Status == HttpStatusCode.Forbidden);
        await DeclarePolicyAsync("shop/*");
        await Eventually.HoldsAsync(async () => (await GetAsync("carl", "elsewhere")).Status == HttpStatusCode.OK);
    }

    [Test]
    public async Task Nothing_is_pulled_while_it_is_not_known_who_signed()
    {
        var image = ImageBuilder.Small(5);
        await image.PushAsync(_world.Through("ann"), "shop/other", "1");
        _verifier.Say("shop/other", new TrustFinding.Unreachable("https://notary.example.com: connection refused"));
        await Eventually.HoldsAsync(async () => (await GetAsync("bob", "1", "shop/other")).Text.Contains("not verified", StringComparison.Ordinal));
    }

    [Test]
    public async Task A_signed_tag_is_not_deleted_and_the_answer_says_how_to_remove_its_signature()
    {
        var (signed, other) = (ImageBuilder.Small(6), ImageBuilder.Small(7));
        await signed.PushAsync(_world.Through("ann"), GatewayWorld.Name, "keep");
        await other.PushAsync(_world.Through("ann"), GatewayWorld.Name, "drop");
        _verifier.Sign(GatewayWorld.Name, "keep", signed.Digest, "targets/releases", _carls.Id);
        _verifier.Sign(GatewayWorld.Name, "keep", signed.Digest, "targets/ci", _carls.Id);
        var (byTag, byDigest, whole) = (await DeleteAsync("manifests/keep"), await DeleteAsync($"manifests/{signed.Digest}"), await DeleteAsync(""));
        Assert.Multiple(() =>
        {
            Assert.That(byTag.Status, Is.EqualTo(HttpStatusCode.Conflict));
            Assert.That(byTag.Text, Does.Contain("TAG_IN_NOTARY").And.Contain($"notary remove -p {_world.Host}/{GatewayWorld.Name} keep -r targets/releases -r targets/ci"));
            Assert.That((byDigest.Status, byDigest.Text.Contains("TAG_IN_NOTARY", StringComparison.Ordinal)), Is.EqualTo((HttpStatusCode.Conflict, true)));
            Assert.That((whole.Status, whole.Text.Contains("REPOSITORY_CONTAINS_TAGS_IN_NOTARY", StringComparison.Ordinal)), Is.EqualTo((HttpStatusCode.MethodNotAllowed, true)));
            Assert.That(DeleteAsync("manifests/drop").Result.Status, Is.EqualTo(HttpStatusCode.Accepted));
        });
    }

    [TestCase(true, HttpStatusCode.ServiceUnavailable)]
    [TestCase(false, HttpStatusCode.Conflict)]
    public async Task Nothing_is_deleted_while_nobody_can_say_whether_it_is_signed(bool away, HttpStatusCode status)
    {
        await ImageBuilder.Small(8).PushAsync(_world.Through("ann"), "shop/base", "1");
        _verifier.Say("shop/base", away ? new TrustFinding.Unreachable("connection refused") : new TrustFinding.Rejected("timestamp: expired"));
        var refused = await DeleteAsync("manifests/1", "shop/base");
        _verifier.Say("shop/base", new TrustFinding.Absent("nothing"));
        Assert.That((refused.Status, (await DeleteAsync("manifests/1", "shop/base")).Status), Is.EqualTo((status, HttpStatusCode.Accepted)));
    }

    private async Task DeclarePolicyAsync(string repositories)
    {
        await _world.Cluster.ApplyAsync($$"""
            apiVersion: portcullis.dev/v1alpha1
            kind: SigningPolicy
            metadata: {name: shop}
            spec: {mode: Enforce, required: [{team: ci/release}], scope: {repositories: ["{{repositories}}"]} }
            """);
        var store = _world.Gateways[0].Services.GetRequiredService<IStore<SigningPolicy>>();
        await Eventually.HoldsAsync(() => store.List() is [{ Spec.Scope.Repositories: [var one] }] && one == repositories);
    }

    private Task RecordedAsync(string tag)
    {
        var ledgers = _world.Gateways[0].Services.GetRequiredService<TagLedgers>();
        return Eventually.HoldsAsync(() => ledgers.Find(new RepositoryId("dtr", GatewayWorld.Name), tag)?.Digest is not null);
    }

    private async Task<(HttpStatusCode Status, string Text)> GetAsync(string user, string reference, string repository = GatewayWorld.Name)
    {
        using var client = _world.Client(user);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v2/{repository}/manifests/{reference}");
        request.Headers.TryAddWithoutValidation("Accept", $"{RegistryMediaTypes.OciManifest}, {RegistryMediaTypes.OciIndex}");
        using var response = await client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private async Task<(HttpStatusCode Status, string Text)> DeleteAsync(string path, string repository = GatewayWorld.Name)
    {
        using var client = _world.Client("ann");
        using var response = await client.DeleteAsync(new Uri($"/v2/{repository}/{path}".TrimEnd('/'), UriKind.Relative));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
