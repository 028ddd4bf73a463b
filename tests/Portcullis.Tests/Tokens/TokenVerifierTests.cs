using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Portcullis.Core.Access;
using Portcullis.Core.Identity;
using Portcullis.Testing;
using Portcullis.Tokens;

namespace Portcullis.Tests.Tokens;

[TestFixture]
internal sealed class TokenVerifierTests
{
    private const string Host = "dtr.example.com";
    private static readonly GatewayCaller Ann = new() { User = new AccessUser("ann") { Groups = ["ldap-dev"] }, Method = LoginMethod.Directory };
    private static readonly TokenAccess[] Shop = [TokenAccess.Repository("acme/shop", RepositoryActions.Pull)];

    private readonly ManualTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private TestKeys _keys = null!;
    private TestFacts _facts = null!;
    private TokenVerifier _verifier = null!;

    [SetUp]
    public void SetUp()
    {
        (_keys, _facts) = (new TestKeys(), new TestFacts());
        _verifier = new TokenVerifier(_keys, _facts, _time);
    }

    [Test]
    public void A_token_says_who_sends_it_and_what_it_covers()
    {
        _facts.Groups["ann"] = ["portcullis:acme"];
        var accepted = (TokenVerdict.Accepted)_verifier.Verify(Token(Ann), Host);
        Assert.Multiple(() =>
        {
            Assert.That(accepted.Caller.User!.Name, Is.EqualTo("ann"));
            Assert.That(accepted.Caller.User.Groups, Is.EquivalentTo(new[] { "ldap-dev", "portcullis:acme" }));
            Assert.That(accepted.Caller.Method, Is.EqualTo(LoginMethod.Directory));
            Assert.That(accepted.Covers("acme/shop", Host, RepositoryActions.Pull), Is.True);
            Assert.That(accepted.Covers("acme/shop", Host, RepositoryActions.Push), Is.False);
            Assert.That(accepted.Covers("acme/shop2", Host, RepositoryActions.Pull), Is.False);
            Assert.That(accepted.CoversCatalog, Is.False);
        });
    }

    [Test]
    public void A_token_of_nobody_in_particular_is_anonymous() =>
        Assert.That(((TokenVerdict.Accepted)_verifier.Verify(Token(GatewayCaller.Anonymous), Host)).Caller.IsAnonymous, Is.True);

    [Test]
    public void A_repository_is_covered_under_the_hosts_name_too()
    {
        TokenAccess[] notary = [TokenAccess.Repository($"{Host}/acme/shop", RepositoryActions.Pull | RepositoryActions.Push), TokenAccess.Catalog];
        var accepted = (TokenVerdict.Accepted)_verifier.Verify(Sign(TokenIssue.Access(Ann, Host, notary, _time.GetUtcNow())), Host);
        Assert.That(accepted.Covers("acme/shop", Host, RepositoryActions.Push), Is.True);
        Assert.That(accepted.CoversCatalog, Is.True);
    }

    [Test]
    public void A_token_ends_after_five_minutes_and_a_minute_for_clocks_that_differ()
    {
        var token = Token(Ann);
        _time.Advance(TimeSpan.FromSeconds(360));
        Assert.That(_verifier.Verify(token, Host), Is.InstanceOf<TokenVerdict.Accepted>());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(Reason(token), Does.Contain("expired"));
    }

    [Test]
    public void A_token_ends_no_later_than_what_its_caller_showed()
    {
        var token = Token(Ann with { ExpiresAt = _time.GetUtcNow().AddSeconds(10) });
        _time.Advance(TimeSpan.FromSeconds(71));
        Assert.That(Reason(token), Does.Contain("expired"));
    }

    [Test]
    public void A_token_for_another_host_or_for_the_token_service_is_refused()
    {
        Assert.That(_verifier.Verify(Token(Ann), "other.example.com"), Is.InstanceOf<TokenVerdict.Refused>());
        Assert.That(Reason(Sign(TokenIssue.Refresh(Ann, Host, "p", _time.GetUtcNow()))), Does.Contain($"{Host}/refresh"));
    }

    [Test]
    public void A_token_of_another_issuer_or_of_the_future_is_refused()
    {
        var claims = TokenIssue.Access(Ann, Host, Shop, _time.GetUtcNow());
        Assert.That(Reason(Sign(claims with { Issuer = "somebody" })), Does.Contain("issuer"));
        Assert.That(Reason(Sign(claims with { NotBefore = claims.NotBefore + 61 })), Does.Contain("not valid yet"));
    }

    [Test]
    public void A_token_of_another_key_is_refused_and_one_of_the_key_before_is_not()
    {
        var (before, after) = (Es256Key.NewPem(), Es256Key.NewPem());
        _keys.Keys = TestKeys.Set(before);
        var old = Token(Ann);
        Assert.That(_verifier.Verify(old, Host), Is.InstanceOf<TokenVerdict.Accepted>());
        _keys.Keys = TestKeys.Set(after, before);
        Assert.That(_verifier.Verify(old, Host), Is.InstanceOf<TokenVerdict.Accepted>());
        _keys.Keys = TestKeys.Set(after);
        Assert.That(Reason(old), Does.Contain("not signed"));
    }

    [Test]
    public void What_the_token_says_of_its_own_algorithm_does_not_count()
    {
        var parts = Token(Ann).Split('.');
        var hmac = Part("""{"alg":"HS256","typ":"JWT"}""") + "." + parts[1];
        using var rsa = RSA.Create(2048);
        var rs = Part($$"""{"alg":"RS256","typ":"JWT","kid":"{{_keys.Keys!.Current.Id}}"}""") + "." + parts[1];
        var forged = new[]
        {
            $"{Part("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.",
            $"{Part("""{"alg":"none"}""")}.{parts[1]}.{parts[2]}",
            $"{hmac}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.ASCII.GetBytes(_keys.Keys!.Current.Id), Encoding.ASCII.GetBytes(hmac)))}",
            $"{rs}.{Base64Url.EncodeToString(rsa.SignData(Encoding.ASCII.GetBytes(rs), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}",
            $"{parts[0]}.{Part("""{"iss":"portcullis-gateway","sub":"root"}""")}.{parts[2]}",
            $"{parts[0]}.{parts[1]}.",
            $"{parts[0]}.{parts[1]}",
            "",
            "....",
            new string('a', TokenIssue.LongestToken + 1),
        };
        foreach (var token in forged)
        {
            Assert.That(Reason(token), Does.Contain("not signed"), token);
        }
    }

    [Test]
    public void A_token_with_a_certificate_of_its_own_is_refused()
    {
        var signer = new TestSigner();
        using var swapped = UpstreamKey.Read(signer.KeyPem, signer.ChainPem);
        Assert.That(Reason(swapped.Sign(TokenIssue.Access(Ann, Host, Shop, _time.GetUtcNow()))), Does.Contain("not signed"));
    }

    [Test]
    public void A_token_dies_with_the_access_token_behind_it()
    {
        var limit = new AccessTokenLimit("laptop", RepositoryPermission.Read, ["acme/*"]);
        _facts.Limits["laptop"] = limit;
        var token = Token(Ann with { Limit = limit, Method = LoginMethod.AccessToken });
        Assert.That(((TokenVerdict.Accepted)_verifier.Verify(token, Host)).Caller.Limit, Is.EqualTo(limit));
        _facts.Limits.Clear();
        Assert.That(Reason(token), Does.Contain("laptop"));
    }

    [Test]
    public void Nothing_is_accepted_before_the_keys_are_known()
    {
        var token = Token(Ann);
        _keys.Keys = null;
        Assert.That(Reason(token), Does.Contain("not been read yet"));
    }

    private static string Part(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    private string Token(GatewayCaller caller) => Sign(TokenIssue.Access(caller, Host, Shop, _time.GetUtcNow()));

    private string Sign(TokenClaims claims) => _keys.Keys!.Current.Sign(claims);

    private string Reason(string token) => ((TokenVerdict.Refused)_verifier.Verify(token, Host)).Reason;
}
