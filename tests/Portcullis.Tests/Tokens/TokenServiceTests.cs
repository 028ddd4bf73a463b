using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portcullis.Core;
using Portcullis.Identity.Logins;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Testing;
using Portcullis.Testing.Clusters;
using Portcullis.Tokens;

namespace Portcullis.Tests.Tokens;

/// <summary>Log-ins and tokens over HTTP, with Organizations, Grants, Repositories and Secrets in a cluster.</summary>
[TestFixture]
internal sealed class TokenServiceTests
{
    private static readonly string AnnsHash = BCrypt.Net.BCrypt.HashPassword("anns-password", 4);

    private TestCluster _cluster = null!;
    private RunningTokenService _service = null!;

    [OneTimeSetUp]
    public async Task SetUp()
    {
        _cluster = await RunningTokenService.NewClusterAsync();
        await _cluster.ApplyAsync($$"""
            apiVersion: portcullis.dev/v1alpha1
            kind: Registry
            metadata: {name: dtr}
            spec: {host: {{RunningTokenService.Host}}, upstream: {url: "http://127.0.0.1:5000"} }
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Organization
            metadata: {name: acme, labels: {portcullis.dev/source: platform} }
            spec:
              passwordsSecretRef: {name: acme-passwords}
              users: [{name: ann}, {name: bob}, {name: "eve@example.com"}, {name: rita}]
              teams: [{name: dev, members: [ann, "eve@example.com", rita]}]
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: acme-passwords, namespace: {{WellKnown.SystemNamespace}}, labels: {portcullis.dev/allowed-source: platform} }
            stringData:
              ann: "{{AnnsHash}}"
              bob: "bob:{{AsHtpasswd("bobs-password")}}"
              htpasswd: |
                eve@example.com:{{BCrypt.Net.BCrypt.HashPassword("eves-password", 4)}}
                rita:{{BCrypt.Net.BCrypt.HashPassword("ritas-password", 4)}}
                mallory:{{BCrypt.Net.BCrypt.HashPassword("x", 4)}}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Collection
            metadata: {name: shop}
            spec: {path: /shop, repositories: ["acme/*"]}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Grant
            metadata: {name: dev}
            spec: {subject: {kind: Team, name: acme/dev}, role: RestrictedControl, collection: /shop, repositoryPermission: readWrite}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Repository
            metadata: {name: shop}
            spec: {registry: dtr, name: acme/shop}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Repository
            metadata: {name: pub}
            spec: {registry: dtr, name: acme/pub, visibility: Public}
            """);
        _service = await RunningTokenService.StartAsync(_cluster);
    }

    [OneTimeTearDown]
    public async Task TearDown()
    {
        await _service.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Test]
    public async Task A_user_gets_what_his_grants_leave_of_what_he_asks()
    {
        var (status, body, headers) = await _service.GetAsync("&scope=repository:acme/shop:pull,push,*&scope=repository:acme/other:pull&scope=registry:catalog:*&account=ann", "ann", "anns-password");
        Assert.Multiple(() =>
        {
            Assert.That(status, Is.EqualTo(HttpStatusCode.OK), body.ToJsonString());
            Assert.That(_service.AccessOf(body), Is.EqualTo(new[] { "repository:acme/shop:pull,push", "registry:catalog:*" }));
            Assert.That(_service.Read(body).Caller.User!.Name, Is.EqualTo("ann"));
            Assert.That(_service.Read(body).Caller.User!.Groups, Is.SupersetOf(new[] { "portcullis:acme", "portcullis:acme:dev" }));
            Assert.That(body["expires_in"]!.GetValue<long>(), Is.EqualTo(300));
            Assert.That(body["access_token"]!.GetValue<string>(), Is.EqualTo(body["token"]!.GetValue<string>()));
            Assert.That(body["issued_at"]!.GetValue<string>(), Does.EndWith("Z"));
            Assert.That(body.ContainsKey("refresh_token"), Is.False);
            Assert.That(headers.CacheControl!.NoStore, Is.True);
        });
    }

    [Test]
    public async Task A_Notary_client_names_the_host_before_the_repository()
    {
        var (_, body, _) = await _service.GetAsync($"&scope=repository:{RunningTokenService.Host}/acme/shop:push,pull", "ann", "anns-password");
        Assert.That(_service.AccessOf(body), Is.EqualTo(new[] { $"repository:{RunningTokenService.Host}/acme/shop:push,pull" }));
    }

    [TestCase("bob", "bobs-password")]
    [TestCase("eve@example.com", "eves-password")]
    public async Task Passwords_stand_under_the_users_key_or_in_a_file_of_lines(string user, string password) =>
        Assert.That((await _service.GetAsync("", user, password)).Status, Is.EqualTo(HttpStatusCode.OK));

    [TestCase("ann", "bobs-password")]
    [TestCase("ann", "")]
    [TestCase("", "anns-password")]
    [TestCase("mallory", "x", Description = "a password without a user in the Organization")]
    [TestCase("nobody", "anns-password")]
    public async Task A_wrong_name_or_password_is_refused_without_saying_which(string user, string password)
    {
        var (status, body, headers) = await _service.GetAsync("", user, password);
        Assert.Multiple(() =>
        {
            Assert.That(status, Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(body["errors"]![0]!["message"]!.GetValue<string>(), Is.EqualTo("incorrect username or password"));
            Assert.That(headers.WwwAuthenticate.Single().Scheme, Is.EqualTo("Basic"));
        });
    }

    [Test]
    public async Task Nobody_in_particular_pulls_from_public_repositories()
    {
        var (status, body, _) = await _service.GetAsync("&scope=repository:acme/pub:pull,push&scope=repository:acme/shop:pull&scope=registry:catalog:*");
        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(_service.AccessOf(body), Is.EqualTo(new[] { "repository:acme/pub:pull" }));
        Assert.That(_service.Read(body).Caller.IsAnonymous, Is.True);
    }

    [Test]
    public async Task An_access_token_gives_no_more_than_itself_and_nothing_once_it_is_deleted()
    {
        var password = await _service.AddAccessTokenAsync("anns-laptop", "ann", "read", "acme/*");
        await Eventually.HoldsAsync(async () => (await _service.GetAsync("", "ann", password)).Status == HttpStatusCode.OK);
        var (_, body, _) = await _service.GetAsync("&scope=repository:acme/shop:pull,push", "ann", password);
        Assert.Multiple(() =>
        {
            Assert.That(_service.AccessOf(body), Is.EqualTo(new[] { "repository:acme/shop:pull" }));
            Assert.That(_service.Read(body).Caller.Limit!.Token, Is.EqualTo("anns-laptop"));
        });
        Assert.That((await _service.GetAsync("", "bob", password)).Status, Is.EqualTo(HttpStatusCode.Unauthorized), "another user's name");

        await DeleteSecretAsync("anns-laptop");
        await Eventually.HoldsAsync(async () => (await _service.GetAsync("", "ann", password)).Status == HttpStatusCode.Unauthorized);
        Assert.That(_service.Verifier.Verify(body["token"]!.GetValue<string>(), RunningTokenService.Host), Is.InstanceOf<TokenVerdict.Refused>());
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task What_was_issued_for_an_access_token_does_not_count_for_another_one_of_the_same_name(bool deleted)
    {
        var name = deleted ? "anns-first" : "anns-second";
        var before = await _service.AddAccessTokenAsync(name, "ann", "read", "acme/*");
        await Eventually.HoldsAsync(async () => (await _service.GetAsync("", "ann", before)).Status == HttpStatusCode.OK);
        var (_, body, _) = await _service.GetAsync("&scope=repository:acme/shop:pull", "ann", before);
        Assert.That(_service.Read(body).Caller.Limit!.Token, Is.EqualTo(name));

        if (deleted)
        {
            await DeleteSecretAsync(name);
        }

        var after = await _service.AddAccessTokenAsync(name, "ann", "read", "acme/*", filling: 1);
        await Eventually.HoldsAsync(async () => (await _service.GetAsync("", "ann", after)).Status == HttpStatusCode.OK);

        Assert.That(_service.Verifier.Verify(body["token"]!.GetValue<string>(), RunningTokenService.Host), Is.InstanceOf<TokenVerdict.Refused>());
    }

    [Test]
    public async Task A_refresh_token_serves_until_the_password_is_written_anew()
    {
        var (_, body, _) = await _service.GetAsync("&offline_token=true&client_id=docker", "rita", "ritas-password");
        var refresh = body["refresh_token"]!.GetValue<string>();
        var (status, second, _) = await _service.PostAsync(("grant_type", "refresh_token"), ("refresh_token", refresh), ("client_id", "docker"), ("scope", "repository:acme/shop:pull repository:acme/pub:pull"));
        Assert.Multiple(() =>
        {
            Assert.That(status, Is.EqualTo(HttpStatusCode.OK), second.ToJsonString());
            Assert.That(_service.AccessOf(second), Is.EqualTo(new[] { "repository:acme/shop:pull", "repository:acme/pub:pull" }));
            Assert.That(second["scope"]!.GetValue<string>(), Is.EqualTo("repository:acme/shop:pull repository:acme/pub:pull"));
            Assert.That(_service.Verifier.Verify(refresh, RunningTokenService.Host), Is.InstanceOf<TokenVerdict.Refused>(), "as a token for requests");
        });

        await _cluster.Client.MergePatchAsync(
            ClusterKinds.Secret,
            new ObjectKey(WellKnown.SystemNamespace, "acme-passwords"),
            new JsonObject { ["stringData"] = new JsonObject { ["rita"] = BCrypt.Net.BCrypt.HashPassword("ritas-password", 4) } },
            new WriteOptions("test"),
            CancellationToken.None);
        await Eventually.HoldsAsync(async () => (await _service.PostAsync(("grant_type", "refresh_token"), ("refresh_token", refresh))).Status == HttpStatusCode.Unauthorized);
        Assert.That((await _service.GetAsync("", "rita", "ritas-password")).Status, Is.EqualTo(HttpStatusCode.OK), "the same password");
    }

    [Test]
    public async Task A_form_with_a_password_gets_a_token_and_one_without_says_what_is_missing()
    {
        var (status, body, _) = await _service.PostAsync(("grant_type", "password"), ("username", "ann"), ("password", "anns-password"), ("access_type", "offline"), ("client_id", "x"), ("scope", "repository:acme/shop:push"));
        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(_service.AccessOf(body), Is.EqualTo(new[] { "repository:acme/shop:push" }));
        Assert.That(body["refresh_token"], Is.Not.Null);

        foreach (var form in new[] { new[] { ("grant_type", "client_credentials") }, [("grant_type", "refresh_token")], [] })
        {
            var (refused, error, _) = await _service.PostAsync(form);
            Assert.That(refused, Is.EqualTo(HttpStatusCode.BadRequest));
            Assert.That(error["error"]!.GetValue<string>(), Is.EqualTo("invalid_request"));
        }
    }

    [Test]
    public async Task A_taken_grant_is_gone_from_the_next_token()
    {
        await _service.ApplyAsync("""
            apiVersion: portcullis.dev/v1alpha1
            kind: Grant
            metadata: {name: bobs}
            spec: {subject: {kind: User, name: bob}, role: RestrictedControl, collection: /shop, repositoryPermission: admin}
            """);
        await Eventually.HoldsAsync(async () => await BobsAsync() == "repository:acme/shop:pull,*");
        await _cluster.Client.DeleteAsync(Core.Grants.Grant.Definition, ObjectKey.Cluster("bobs"), new DeleteOptions(), CancellationToken.None);
        await Eventually.HoldsAsync(async () => await BobsAsync() is "");
    }

    [Test]
    public async Task Another_gateway_uses_the_same_keys()
    {
        await using var second = await RunningTokenService.StartAsync(_cluster);
        var (_, body, _) = await second.GetAsync("", "ann", "anns-password");
        Assert.That(_service.Read(body).Caller.User!.Name, Is.EqualTo("ann"));
    }

    [Test]
    public async Task A_pod_logs_in_with_a_token_of_its_ServiceAccount_for_our_audience()
    {
        await _service.ApplyAsync("""
            apiVersion: portcullis.dev/v1alpha1
            kind: IdentityProvider
            metadata: {name: cluster}
            spec: {serviceAccountTokens: {audience: dtr.example.com}}
            ---
            apiVersion: v1
            kind: Namespace
            metadata: {name: builds}
            ---
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: builder, namespace: builds}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Grant
            metadata: {name: builder}
            spec: {subject: {kind: ServiceAccount, name: builds/builder}, role: RestrictedControl, collection: /shop, repositoryPermission: readWrite}
            """);
        var good = await ServiceAccountTokenAsync("dtr.example.com");
        await Eventually.HoldsAsync(async () => (await _service.GetAsync("", "token", good)).Status == HttpStatusCode.OK);
        var (_, body, _) = await _service.GetAsync("&scope=repository:acme/shop:push&offline_token=true", "token", good);
        Assert.Multiple(() =>
        {
            Assert.That(_service.AccessOf(body), Is.EqualTo(new[] { "repository:acme/shop:push" }));
            Assert.That(_service.Read(body).Caller.User!.Name, Is.EqualTo("system:serviceaccount:builds:builder"));
            Assert.That(body.ContainsKey("refresh_token"), Is.False, "a pod has a token of its own for as long as it lives");
        });
        Assert.That((await _service.GetAsync("", "token", await ServiceAccountTokenAsync("other.example.com"))).Status, Is.EqualTo(HttpStatusCode.Unauthorized), "another audience");
        Assert.That((await _service.GetAsync("", "token", $"{good[..^8]}AAAAAAAA")).Status, Is.EqualTo(HttpStatusCode.Unauthorized), "a broken signature");
    }

    [Test]
    public async Task What_fails_at_one_gateway_counts_at_the_other()
    {
        await using var second = await RunningTokenService.StartAsync(_cluster);
        for (var i = 0; i < 6; i++)
        {
            Assert.That((await _service.GetAsync("", "victim", $"guess {i}")).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
        }

        var limits = second.Services.GetRequiredService<LoginLimits>();
        for (var i = 0; i < 3; i++)
        {
            Assert.That((await second.GetAsync("", "victim", $"guess {i}")).Status, Is.EqualTo(HttpStatusCode.Unauthorized));
        }

        Assert.That((await second.GetAsync("", "victim", "guess")).Status, Is.EqualTo(HttpStatusCode.Unauthorized), "the tenth, or the fourth here");
        await Eventually.HoldsAsync(() => limits.Wait("victim", IPAddress.Loopback, GuessBound.NameAndAddress) is not null);
        var (status, body, headers) = await second.GetAsync("", "victim", "guess");
        Assert.Multiple(() =>
        {
            Assert.That(status, Is.EqualTo(HttpStatusCode.TooManyRequests));
            Assert.That(body["errors"]![0]!["code"]!.GetValue<string>(), Is.EqualTo("TOOMANYREQUESTS"));
            Assert.That(headers.RetryAfter!.Delta, Is.GreaterThan(TimeSpan.FromMinutes(4)).And.AtMost(TimeSpan.FromMinutes(5)));
        });
        var map = await _cluster.Client.GetAsync(ClusterKinds.ConfigMap, new ObjectKey(WellKnown.SystemNamespace, FailedLoginMap.Name), CancellationToken.None);
        Assert.That(map!.ToJsonString(), Does.Not.Contain("victim").And.Not.Contain("guess"));
    }

    [Test]
    public async Task A_service_that_is_no_registry_of_this_gateway_is_refused()
    {
        var (status, body, _) = await _service.GetAsync("&service=other.example.com&scope=repository:acme/pub:pull");
        Assert.That(status, Is.EqualTo(HttpStatusCode.OK), "the first of two counts");
        Assert.That(_service.Verifier.Verify(body["token"]!.GetValue<string>(), "other.example.com"), Is.InstanceOf<TokenVerdict.Refused>());
        Assert.That((await _service.PostAsync(("service", "other.example.com"), ("grant_type", "password"), ("username", "ann"), ("password", "anns-password"))).Status, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    /// <summary>htpasswd gives the same algorithm another letter.</summary>
    private static string AsHtpasswd(string password) => BCrypt.Net.BCrypt.HashPassword(password, 4).Replace("$2a$", "$2y$", StringComparison.Ordinal);

    private async Task<string> BobsAsync() => string.Join(' ', _service.AccessOf((await _service.GetAsync("&scope=repository:acme/shop:pull,*", "bob", "bobs-password")).Body));

    private async Task<string> ServiceAccountTokenAsync(string audience)
    {
        var request = new JsonObject
        {
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["kind"] = "TokenRequest",
            ["spec"] = new JsonObject { ["audiences"] = new JsonArray(audience), ["expirationSeconds"] = 3600 },
        };
        var answer = await _cluster.Client.PostAsync("/api/v1/namespaces/builds/serviceaccounts/builder/token", request, CancellationToken.None);
        return answer["status"]!["token"]!.GetValue<string>();
    }

    private Task<bool> DeleteSecretAsync(string name) =>
        _cluster.Client.DeleteAsync(ClusterKinds.Secret, new ObjectKey(WellKnown.SystemNamespace, name), new DeleteOptions(), CancellationToken.None);
}
