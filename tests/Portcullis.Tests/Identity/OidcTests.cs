using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Core.Identity;
using Portcullis.Identity.Issuers;
using Portcullis.Identity.Logins;
using Portcullis.Testing;

namespace Portcullis.Tests.Identity;

/// <summary>Jobs of a CI system log in with their tokens.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class OidcTests
{
    private const string Audience = "dtr.example.com";

    private readonly ManualTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private LoopbackIssuer _issuer = null!;
    private IdentityWorld _world = null!;
    private KnownIssuers _known = null!;
    private OidcAuthenticator _authenticator = null!;

    [SetUp]
    public async Task SetUp()
    {
        _issuer = await LoopbackIssuer.StartAsync();
        _world = new IdentityWorld();
        _known = new KnownIssuers(_world.Secrets, _time);
        _authenticator = new OidcAuthenticator(_world.Providers, _known, _time);
        _world.Add("gitlab", new IdentityProviderSpec
        {
            Oidc = new OidcIssuer
            {
                Issuer = _issuer.Url,
                Audience = Audience,
                Claims = [new PinnedClaim { Claim = "project_path", Values = ["platform/*"] }, new PinnedClaim { Claim = "ref_protected", Values = ["true"] }],
                UserName = "ci:{project_path}",
                GroupsClaim = "groups_direct",
            },
        });
    }

    [TearDown]
    public async Task TearDown()
    {
        _known.Dispose();
        await _issuer.DisposeAsync();
    }

    [Test]
    public async Task A_job_is_known_by_its_claims_and_for_as_long_as_its_token()
    {
        var until = _time.GetUtcNow().AddMinutes(2);
        var claims = Claims();
        claims["groups_direct"] = new JsonArray("platform", "system:masters", "portcullis:acme");
        var verdict = await LogInAsync(_issuer.Token(Audience, until, claims));
        var caller = ((LoginVerdict.Authenticated)verdict).Caller;
        Assert.Multiple(() =>
        {
            Assert.That(caller.User!.Name, Is.EqualTo("ci:platform/shop"));
            Assert.That(caller.User.Groups, Is.EqualTo(new[] { "platform" }));
            Assert.That(caller.ExpiresAt!.Value.ToUnixTimeSeconds(), Is.EqualTo(until.ToUnixTimeSeconds()));
            Assert.That(((LoginVerdict.Authenticated)verdict).Proof, Is.Null, "no refresh token: the next job has a token of its own");
        });
    }

    [Test]
    public async Task A_token_without_a_pinned_claim_is_refused()
    {
        foreach (var (name, value) in new (string, JsonNode?)[] { ("project_path", "evil/shop"), ("project_path", null), ("project_path", "platform"), ("ref_protected", "false"), ("ref_protected", false) })
        {
            var claims = Claims();
            claims[name] = value;
            Assert.That(((LoginVerdict.Refused)await LogInAsync(Token(claims))).Reason, Does.Contain(name));
        }

        var flag = Claims();
        flag["ref_protected"] = true;
        Assert.That(await LogInAsync(Token(flag)), Is.InstanceOf<LoginVerdict.Authenticated>(), "a claim that is no text");
    }

    [Test]
    public async Task A_token_for_another_audience_is_nobodys_here() =>
        Assert.That(await LogInAsync(_issuer.Token("other.example.com", _time.GetUtcNow().AddMinutes(2), Claims())), Is.InstanceOf<LoginVerdict.NotMine>());

    [Test]
    public async Task A_token_is_refused_before_and_after_its_time()
    {
        Assert.That(await LogInAsync(_issuer.Token(Audience, _time.GetUtcNow().AddSeconds(-61), Claims())), Is.InstanceOf<LoginVerdict.Refused>());
        Assert.That(await LogInAsync(_issuer.Token(Audience, _time.GetUtcNow().AddMinutes(7), Claims())), Is.InstanceOf<LoginVerdict.Refused>());
        Assert.That(await LogInAsync(_issuer.Token(Audience, _time.GetUtcNow().AddSeconds(-30), Claims())), Is.InstanceOf<LoginVerdict.Authenticated>(), "clocks differ");
    }

    [Test]
    public async Task A_token_that_the_issuer_did_not_sign_is_refused()
    {
        using var other = RSA.Create(2048);
        var parts = Token(Claims()).Split('.');
        var forged = new[]
        {
            _issuer.Token(Audience, _time.GetUtcNow().AddMinutes(2), Claims(), signedBy: other),
            $"{Part("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.",
            $"{Part("""{"alg":"none","typ":"JWT","kid":"first"}""")}.{parts[1]}.{parts[2]}",
            $"{Part("""{"alg":"HS256","typ":"JWT","kid":"first"}""")}.{parts[1]}.{parts[2]}",
            $"{parts[0]}.{parts[1]}.",
        };
        foreach (var token in forged)
        {
            Assert.That(await LogInAsync(token), Is.InstanceOf<LoginVerdict.Refused>(), token);
        }
    }

    [Test]
    public async Task Keys_are_read_once_and_again_for_a_new_one_at_most_once_a_minute()
    {
        Assert.That(await LogInAsync(Token(Claims())), Is.InstanceOf<LoginVerdict.Authenticated>());
        Assert.That(await LogInAsync(Token(Claims())), Is.InstanceOf<LoginVerdict.Authenticated>());
        Assert.That(_issuer.KeyRequests, Is.EqualTo(1));

        _issuer.Publish("second");
        var second = _issuer.Token(Audience, _time.GetUtcNow().AddMinutes(4), Claims(), "second");
        Assert.That(await LogInAsync(second), Is.InstanceOf<LoginVerdict.Refused>());
        Assert.That(_issuer.KeyRequests, Is.EqualTo(1));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(await LogInAsync(second), Is.InstanceOf<LoginVerdict.Authenticated>());
        Assert.That(_issuer.KeyRequests, Is.EqualTo(2));
    }

    [Test]
    public async Task A_withdrawn_key_counts_an_hour_at_most()
    {
        await LogInAsync(Token(Claims()));
        var later = _issuer.Token(Audience, _time.GetUtcNow().AddMinutes(61), Claims());
        _issuer.Withdraw("first");
        _issuer.Publish("second");
        _time.Advance(TimeSpan.FromMinutes(60));
        Assert.That(await LogInAsync(later), Is.InstanceOf<LoginVerdict.Refused>());
    }

    [Test]
    public async Task An_issuer_that_is_away_or_is_another_one_is_no_refusal()
    {
        var token = Token(Claims());
        _issuer.IsAway = true;
        Assert.That(((LoginVerdict.Unknown)await LogInAsync(token)).Reason, Does.Contain("openid-configuration"));
        (_issuer.IsAway, _issuer.ClaimedIssuer) = (false, "https://other.example.com");
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(((LoginVerdict.Unknown)await LogInAsync(token)).Reason, Does.Contain("another issuer"));
    }

    [Test]
    public async Task Keys_that_are_known_serve_while_the_issuer_is_away()
    {
        await LogInAsync(Token(Claims()));
        _issuer.IsAway = true;
        _time.Advance(TimeSpan.FromHours(2));
        Assert.That(await LogInAsync(Token(Claims())), Is.InstanceOf<LoginVerdict.Authenticated>());
    }

    private static string Part(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    private static JsonObject Claims() => new() { ["sub"] = "project_path:platform/shop:ref:main", ["project_path"] = "platform/shop", ["ref_protected"] = "true" };

    private string Token(JsonObject claims) => _issuer.Token(Audience, _time.GetUtcNow().AddMinutes(2), claims);

    private async Task<LoginVerdict> LogInAsync(string token) => await _authenticator.AuthenticateAsync(new LoginAttempt("gitlab-ci-token", token), CancellationToken.None);
}
