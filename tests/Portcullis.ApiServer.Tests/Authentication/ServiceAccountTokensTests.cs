using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Portcullis.ApiServer.Authentication;
using Portcullis.ApiServer.Errors;
using Portcullis.ApiServer.Reviews;
using Portcullis.ApiServer.Tests.Policy;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Testing;

namespace Portcullis.ApiServer.Tests.Authentication;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class ServiceAccountTokensTests
{
    private TemporaryFolder _folder = null!;
    private ServiceAccountKey _key = null!;
    private readonly ManualTimeProvider _time = new();
    private MemoryObjectStore _store = null!;

    private ServiceAccountTokens Tokens => new(_key, _store, _time);

    [SetUp]
    public void SetUp()
    {
        _folder = new TemporaryFolder();
        _key = ServiceAccountKey.FromFile(Path.Combine(_folder.Path, "key"));
        _store = new MemoryObjectStore();
        _ = _store.Put(Requests.ServiceAccounts, """{"metadata":{"name":"bot","namespace":"a","uid":"u-bot"}}""");
    }

    [TearDown]
    public void TearDown()
    {
        _key.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void A_token_speaks_for_its_account_and_groups()
    {
        var user = Authenticate(Request("{}")).User!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(user.Name, Is.EqualTo("system:serviceaccount:a:bot"));
            Assert.That(user.Uid, Is.EqualTo("u-bot"));
            Assert.That(user.Groups, Is.EqualTo(["system:serviceaccounts", "system:serviceaccounts:a"]));
        }
    }

    [Test]
    public void A_token_dies_with_its_time()
    {
        var token = Request("""{"expirationSeconds":600}""");
        _time.Advance(TimeSpan.FromSeconds(599));
        Assert.That(Authenticate(token).User, Is.Not.Null);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(Authenticate(token).Problem, Is.EqualTo("service account token has expired"));
    }

    [Test]
    public void A_token_dies_with_its_account_even_when_one_of_the_same_name_follows()
    {
        var token = Request("{}");
        _store.Delete(Requests.ServiceAccounts, new ObjectKey("a", "bot"));
        Assert.That(Authenticate(token).Problem, Is.EqualTo("serviceaccounts \"bot\" not found"));
        _ = _store.Put(Requests.ServiceAccounts, """{"metadata":{"name":"bot","namespace":"a","uid":"u-other"}}""");
        Assert.That(Authenticate(token).Problem, Is.EqualTo("service account UID (u-other) does not match claim (u-bot)"));
    }

    [Test]
    public void A_token_dies_with_the_secret_it_is_bound_to()
    {
        _ = _store.Put(Requests.Secrets, """{"metadata":{"name":"s","namespace":"a"}}""");
        var token = Request("""{"boundObjectRef":{"apiVersion":"v1","kind":"Secret","name":"s"}}""");
        Assert.That(Authenticate(token).User, Is.Not.Null);
        _store.Delete(Requests.Secrets, new ObjectKey("a", "s"));
        Assert.That(Authenticate(token).Problem, Is.EqualTo("service account token has been invalidated"));
    }

    [Test]
    public void A_token_is_bound_to_a_pod_of_its_own_account_only()
    {
        _ = _store.Put(Requests.Pods, """{"metadata":{"name":"p","namespace":"a","uid":"u-p"},"spec":{"serviceAccountName":"bot"}}""");
        _ = _store.Put(Requests.Pods, """{"metadata":{"name":"q","namespace":"a"},"spec":{"serviceAccountName":"other"}}""");
        var user = Authenticate(Request("""{"boundObjectRef":{"apiVersion":"v1","kind":"Pod","name":"p","uid":"u-p"}}""")).User!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(user.Extra["authentication.kubernetes.io/pod-name"], Is.EqualTo(["p"]));
            Assert.That(Refusal("""{"boundObjectRef":{"apiVersion":"v1","kind":"Pod","name":"q"}}""").Code, Is.EqualTo(400));
            Assert.That(Refusal("""{"boundObjectRef":{"apiVersion":"v1","kind":"Pod","name":"p","uid":"x"}}""").Code, Is.EqualTo(409));
            Assert.That(Refusal("""{"boundObjectRef":{"apiVersion":"v1","kind":"Pod","name":"none"}}""").Code, Is.EqualTo(404));
        }
    }

    [Test]
    public void Refuses_too_short_a_life()
    {
        var refusal = Refusal("""{"expirationSeconds":599}""");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(refusal.Code, Is.EqualTo(422));
            Assert.That(refusal.Message, Does.Contain("may not specify a duration less than 10 minutes"));
        }
    }

    [Test]
    public void A_token_for_another_audience_is_none_for_us()
    {
        var answer = Authenticate(Request("""{"audiences":["registry"]}"""));
        Assert.That(answer.Problem, Is.EqualTo(
            "token audiences [\"registry\"] is invalid for the target audiences [\"https://kubernetes.default.svc\"]"));
    }

    [Test]
    public void Takes_no_token_that_was_changed_or_signed_by_another_key()
    {
        var token = Request("{}");
        var parts = token.Split('.');
        using var otherFolder = new TemporaryFolder();
        using var otherKey = ServiceAccountKey.FromFile(Path.Combine(otherFolder.Path, "key"));
        var forged = otherKey.Sign(Claims(token));
        var renamed = parts[0] + "." + forged.Split('.')[1] + "." + forged.Split('.')[2];
        var changed = parts[0] + "." + Base64("""{"iss":"https://kubernetes.default.svc"}""") + "." + parts[2];
        foreach (var bad in new[] { forged, renamed, changed, "a.b.c", "", "....", parts[0] + "." + parts[1], parts[0] + "." + parts[1] + "." })
        {
            Assert.That(Authenticate(bad), Is.EqualTo(TokenAnswer.Unknown), bad);
        }
    }

    [Test]
    public void Takes_no_token_whose_header_names_no_algorithm_or_another()
    {
        var token = Request("{}");
        var parts = token.Split('.');
        var id = KubernetesJson.Parse(Base64Url.DecodeFromChars(parts[0])).String("kid");
        foreach (var name in new[] { "none", "None", "NONE", "", "ES384", "RS256" })
        {
            var header = Base64($$"""{"alg":"{{name}}","kid":"{{id}}"}""");
            Assert.That(Authenticate($"{header}.{parts[1]}."), Is.EqualTo(TokenAnswer.Unknown), name);
            Assert.That(Authenticate($"{header}.{parts[1]}.{parts[2]}"), Is.EqualTo(TokenAnswer.Unknown), name);
        }
    }

    [Test]
    public void Takes_no_token_that_was_signed_with_our_public_key_as_a_secret()
    {
        var parts = Request("{}").Split('.');
        var id = KubernetesJson.Parse(Base64Url.DecodeFromChars(parts[0])).String("kid");
        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(Path.Combine(_folder.Path, "key")));
        foreach (var secret in new[] { key.ExportSubjectPublicKeyInfo(), Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem()) })
        {
            var signed = $$"""{"alg":"HS256","kid":"{{id}}"}""";
            signed = $"{Base64(signed)}.{parts[1]}";
            var signature = Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(signed)));
            Assert.That(Authenticate($"{signed}.{signature}"), Is.EqualTo(TokenAnswer.Unknown));
        }
    }

    [TestCase("iss", "\"https://elsewhere\"")]
    [TestCase("iss", null)]
    [TestCase("exp", null)]
    [TestCase("iat", null)]
    [TestCase("kubernetes.io", null)]
    public void Takes_no_token_of_our_key_that_says_something_else_than_an_account_of_ours(string claim, string? value)
    {
        var claims = Claims(Request("{}"));
        Assert.That(Authenticate(_key.Sign(claims)).User, Is.Not.Null);
        claims.Remove(claim);
        if (value is not null)
        {
            claims[claim] = JsonNode.Parse(value);
        }

        Assert.That(Authenticate(_key.Sign(claims)), Is.EqualTo(TokenAnswer.Unknown));
    }

    [Test]
    public void A_token_outlives_a_restart_of_the_server()
    {
        var token = Request("{}");
        Assert.That(Authenticate(token).User, Is.Not.Null);
        _key.Dispose();
        _key = ServiceAccountKey.FromFile(Path.Combine(_folder.Path, "key"));
        Assert.That(Authenticate(token).User, Is.Not.Null);
        Assert.That(Authenticate(Request("{}")).User, Is.Not.Null);
    }

    private static JsonObject Claims(string token) =>
        KubernetesJson.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]))!.AsObject();

    private string Request(string spec) =>
        new TokenRequest(Tokens, _store, _time)
            .CreateAsync(Requests.Admin, Requests.Attributes("create", Requests.ServiceAccounts, "a", "bot", "token"), Body(spec), CancellationToken.None)
            .GetAwaiter().GetResult().Object("status").String("token")!;

    private StatusException Refusal(string spec) => Assert.Throws<StatusException>(() => Request(spec))!;

    private TokenAnswer Authenticate(string token) => Tokens.Authenticate(token, [TokenAuthenticators.ApiAudience]);

    private static JsonObject Body(string spec) => new() { ["spec"] = JsonNode.Parse(spec) };

    private static string Base64(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
