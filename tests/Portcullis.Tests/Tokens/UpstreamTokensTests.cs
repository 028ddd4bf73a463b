using System.Net;
using System.Security.Cryptography;
using Portcullis.Core.Identity;
using Portcullis.Testing;
using Portcullis.Tokens;

namespace Portcullis.Tests.Tokens;

[TestFixture]
internal sealed class UpstreamTokensTests
{
    private static readonly TokenAccess Flask = TokenAccess.Repository("admin/flask", RepositoryActions.Pull | RepositoryActions.Push);

    [Test]
    public async Task The_registry_accepts_a_token_for_that_repository_and_action_and_refuses_what_is_for_clients()
    {
        if (TokenRegistry.Missing is { } missing)
        {
            Assert.Ignore(missing);
        }

        var signer = new TestSigner();
        await using var registry = await TokenRegistry.StartAsync(signer.RootPem);
        using var tokens = Minter(signer, TimeProvider.System);
        var clients = new TestKeys();
        var forClient = clients.Keys!.Current.Sign(TokenIssue.Access(GatewayCaller.Anonymous, "dtr.example.com", [Flask], TimeProvider.System.GetUtcNow()));
        var pretending = clients.Keys.Current.Sign(new TokenClaims
        {
            Issuer = TokenRegistry.Issuer, Subject = "ann", Audience = TokenRegistry.Service, Id = "1", NotBefore = 0, IssuedAt = 0, ExpiresAt = 9_999_999_999, Access = [Flask],
        });

        await Assert.MultipleAsync(async () =>
        {
            Assert.That(await registry.AskAsync(HttpMethod.Get, "/v2/", tokens.For()), Is.EqualTo(HttpStatusCode.OK));
            Assert.That(await registry.AskAsync(HttpMethod.Post, "/v2/admin/flask/blobs/uploads/", tokens.For(Flask)), Is.EqualTo(HttpStatusCode.Accepted));
            Assert.That(await registry.AskAsync(HttpMethod.Get, "/v2/_catalog", tokens.For(TokenAccess.Catalog)), Is.EqualTo(HttpStatusCode.OK));
            Assert.That(await registry.AskAsync(HttpMethod.Delete, $"/v2/admin/flask/manifests/sha256:{new string('0', 64)}", tokens.For(TokenAccess.Repository("admin/flask", RepositoryActions.Delete))), Is.EqualTo(HttpStatusCode.NotFound));
            Assert.That(await registry.AskAsync(HttpMethod.Post, "/v2/admin/other/blobs/uploads/", tokens.For(Flask)), Is.EqualTo(HttpStatusCode.Unauthorized), "another repository");
            Assert.That(await registry.AskAsync(HttpMethod.Delete, $"/v2/admin/flask/manifests/sha256:{new string('0', 64)}", tokens.For(Flask)), Is.EqualTo(HttpStatusCode.Unauthorized), "another action");
            Assert.That(await registry.AskAsync(HttpMethod.Get, "/v2/", forClient), Is.EqualTo(HttpStatusCode.Unauthorized), "a client's token");
            Assert.That(await registry.AskAsync(HttpMethod.Get, "/v2/", pretending), Is.EqualTo(HttpStatusCode.Unauthorized), "the claims that the registry expects, signed by the key for clients");
        });
    }

    [Test]
    public void A_token_lives_a_minute_and_serves_the_same_access_again_for_some_seconds()
    {
        var time = new ManualTimeProvider(TimeProvider.System.GetUtcNow());
        var signer = new TestSigner();
        using var tokens = Minter(signer, time);
        using var key = UpstreamKey.Read(signer.KeyPem, signer.ChainPem);
        var first = tokens.For(Flask);
        var claims = key.Read(first)!;
        time.Advance(TimeSpan.FromSeconds(19));
        var again = tokens.For(Flask);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Multiple(() =>
        {
            Assert.That(claims.ExpiresAt - claims.IssuedAt, Is.EqualTo(60));
            Assert.That(claims.Access, Has.Count.EqualTo(1));
            Assert.That(claims.Access![0].Actions, Is.EqualTo(new[] { "pull", "push" }));
            Assert.That(again, Is.EqualTo(first));
            Assert.That(tokens.For(Flask), Is.Not.EqualTo(first), "after 20 seconds");
            Assert.That(tokens.For(TokenAccess.Repository("admin/flask", RepositoryActions.Pull)), Is.Not.EqualTo(tokens.For(Flask)), "less access");
        });
    }

    [Test]
    public void A_key_without_its_own_certificate_is_refused_with_a_message_that_holds_nothing_of_it()
    {
        var one = new TestSigner();
        var other = new TestSigner();
        using var rsa = RSA.Create(2048);
        var pairs = new[] { (one.KeyPem, other.ChainPem), (one.KeyPem, ""), ("", one.ChainPem), (rsa.ExportPkcs8PrivateKeyPem(), one.ChainPem) };
        foreach (var (key, chain) in pairs)
        {
            var refused = Assert.Catch<CryptographicException>(() => UpstreamKey.Read(key, chain))!;
            Assert.That(refused.Message, Does.Contain("P-256").Or.Contain("tls.crt"));
        }
    }

    private static UpstreamTokens Minter(TestSigner signer, TimeProvider time) =>
        new(UpstreamKey.Read(signer.KeyPem, signer.ChainPem), TokenRegistry.Issuer, TokenRegistry.Service, time);
}
