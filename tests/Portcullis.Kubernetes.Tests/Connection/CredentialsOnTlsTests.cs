using System.Text.Json.Nodes;
using Portcullis.Kubernetes.Connection;
using Portcullis.Objects.Json;
using Portcullis.Testing;
using Portcullis.Testing.Clusters;

namespace Portcullis.Kubernetes.Tests.Connection;

/// <summary>Credentials that change while the program runs, on a server that really looks at them.</summary>
internal sealed class CredentialsOnTlsTests
{
    private TlsSite _site = null!;

    [SetUp]
    public async Task OpenAsync()
    {
        if (TestCluster.IsNamed)
        {
            Assert.Ignore("not run: these need a server whose CA and tokens are the test's own");
        }

        _site = await TlsSite.OpenAsync();
    }

    [TearDown]
    public async Task CloseAsync()
    {
        if (_site is not null)
        {
            await _site.DisposeAsync();
        }
    }

    [Test]
    public async Task A_plugin_is_asked_again_once_its_token_has_expired()
    {
        using var client = _site.Client(_site.Connection(_site.AnsweringPlugin()));
        _site.Answer(new JsonObject { ["token"] = _site.Token("ann") }, _site.Time.GetUtcNow().AddMinutes(5));
        Assert.That(await client.WhoAsync(), Is.EqualTo("ann"));
        _site.Answer(new JsonObject { ["token"] = _site.Token("bob") }, _site.Time.GetUtcNow().AddMinutes(15));
        Assert.That(await client.WhoAsync(), Is.EqualTo("ann"));
        _site.Time.Advance(TimeSpan.FromMinutes(6));
        Assert.That(await client.WhoAsync(), Is.EqualTo("bob"));
        Assert.That(_site.Runs(), Is.EqualTo(2));
    }

    [Test]
    public async Task A_plugin_is_asked_again_when_the_server_refuses_its_token()
    {
        using var client = _site.Client(_site.Connection(_site.AnsweringPlugin()));
        _site.Answer(new JsonObject { ["token"] = _site.Token("ann") });
        Assert.That(await client.WhoAsync(), Is.EqualTo("ann"));
        _site.Answer(new JsonObject { ["token"] = _site.Token("ann") });
        Assert.That(await Task.WhenAll(client.WhoAsync(), client.WhoAsync(), client.WhoAsync()), Is.All.EqualTo("ann"));
        Assert.That(_site.Runs(), Is.EqualTo(2));
    }

    [Test]
    public async Task A_certificate_of_a_plugin_counts_from_the_moment_it_is_given_though_connections_are_open()
    {
        using var client = _site.Client(_site.Connection(_site.AnsweringPlugin()));
        _site.Answer(Pair("ann"), _site.Time.GetUtcNow().AddMinutes(5));
        Assert.That(await client.WhoAsync(), Is.EqualTo("ann"));
        _site.Answer(Pair("bob"), _site.Time.GetUtcNow().AddMinutes(15));
        _site.Time.Advance(TimeSpan.FromMinutes(6));
        Assert.That(await client.WhoAsync(), Is.EqualTo("bob"));
        Assert.That(_site.Runs(), Is.EqualTo(2));
    }

    [Test]
    public async Task A_certificate_that_ran_out_on_an_open_connection_is_replaced_by_what_the_plugin_gives_next()
    {
        using var client = _site.Client(_site.Connection(_site.AnsweringPlugin()));
        _site.Answer(Pair("ann", TimeSpan.FromSeconds(3)));
        Assert.That(await client.WhoAsync(), Is.EqualTo("ann"));
        _site.Answer(Pair("bob"));
        await Eventually.HoldsAsync(async () => await client.WhoAsync() == "bob");
        Assert.That(_site.Runs(), Is.EqualTo(2));
    }

    [TestCase("echo hunter2 >&2; exit 7", "failed with exit code 7")]
    [TestCase("echo 'hunter2 {'", "not a valid ExecCredential")]
    [TestCase("", "not a valid ExecCredential")]
    [TestCase("echo '[\"hunter2\"]'", "returned no ExecCredential of client.authentication.k8s.io/v1")]
    [TestCase("echo '{\"apiVersion\":\"client.authentication.k8s.io/v1beta1\",\"status\":{\"token\":\"hunter2\"}}'", "returned no ExecCredential of client.authentication.k8s.io/v1")]
    [TestCase("echo '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{}}'", "neither a token nor a certificate")]
    [TestCase("echo '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"token\":\"hunter2\\u000ahunter2\"}}'", "a token with characters that an HTTP header cannot contain")]
    [TestCase("echo '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"token\":\"t\",\"expirationTimestamp\":\"hunter2\"}}'", "not a valid ExecCredential")]
    [TestCase("echo '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"clientCertificateData\":\"hunter2\"}}'", "a certificate without its key")]
    [TestCase("echo '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"clientCertificateData\":\"hunter2\",\"clientKeyData\":\"hunter2\"}}'", "not a valid ExecCredential")]
    [TestCase("yes hunter2", "wrote more than 1024 KiB")]
    public async Task A_plugin_that_gives_nothing_usable_is_named_and_not_quoted_and_may_do_better_next_time(string script, string words)
    {
        using var client = _site.Client(_site.Connection(_site.Plugin(script)));
        var e = (await Assert.ThrowsAsync<HttpRequestException>(client.WhoAsync))!;
        Assert.That(e.ToString(), Does.Contain($"{_site.Folder}/plugin").And.Contain(words).And.Not.Contain("hunter2"));
        _ = _site.AnsweringPlugin();
        _site.Answer(new JsonObject { ["token"] = _site.Token("ann") });
        Assert.That(await client.WhoAsync(), Is.EqualTo("ann"));
    }

    [Test]
    public async Task A_key_that_does_not_fit_its_certificate_is_an_error_of_the_plugin()
    {
        using var client = _site.Client(_site.Connection(_site.AnsweringPlugin()));
        _site.Answer(new JsonObject { ["clientCertificateData"] = _site.Certificate("ann").Certificate, ["clientKeyData"] = _site.Certificate("bob").Key });
        Assert.That(client.WhoAsync, Throws.InstanceOf<HttpRequestException>().With.Message.EndsWith("is not a valid ExecCredential."));
        _site.Answer(Pair("ann"));
        Assert.That(await client.WhoAsync(), Is.EqualTo("ann"));
    }

    [Test]
    public async Task A_plugin_that_hangs_is_ended_after_a_minute_with_all_it_started()
    {
        using var client = _site.Client(_site.Connection(_site.Plugin($"sh -c 'echo $$ > {_site.Folder}/pid; exec sleep 1000'")));
        var asking = client.WhoAsync();
        await Eventually.HoldsAsync(() => File.Exists(Path.Combine(_site.Folder, "pid")));
        _site.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.That(async () => await asking, Throws.InstanceOf<HttpRequestException>().With.Message.Contains("did not exit within 60 s"));
        var pid = (await File.ReadAllTextAsync(Path.Combine(_site.Folder, "pid"))).Trim();
        await Eventually.HoldsAsync(() => !Directory.Exists($"/proc/{pid}"));
    }

    [Test]
    public void A_plugin_that_is_not_there_comes_with_the_hint_how_to_install_it()
    {
        using var client = _site.Client(_site.Connection(
            "exec: {apiVersion: client.authentication.k8s.io/v1, command: no-such-plugin, interactiveMode: Never, installHint: Install the no-such tools.}"));
        Assert.That(client.WhoAsync, Throws.InstanceOf<HttpRequestException>().With.Message.Contains("no-such-plugin cannot be started").And.Message.EndsWith("Install the no-such tools."));
    }

    [Test]
    public async Task A_user_with_a_token_needs_no_plugin()
    {
        using var client = _site.Client(_site.Connection($"token: {_site.Token("ann")}, {_site.Plugin("exit 1")}"));
        Assert.That(await client.WhoAsync(), Is.EqualTo("ann"));
    }

    [Test]
    public async Task A_certificate_in_files_is_taken_anew_when_the_files_are_renewed()
    {
        WritePair("ann");
        using var client = _site.Client(_site.Connection("client-certificate: user.crt, client-key: user.key"));
        Assert.That(await client.WhoAsync(), Is.EqualTo("ann"));
        var (certificate, key) = _site.Certificate("bob");
        _site.Write("user.crt", certificate);
        _site.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.That(await client.WhoAsync(), Is.EqualTo("ann"), "half a pair is none");
        _site.Write("user.key", key);
        Assert.That(await client.WhoAsync(), Is.EqualTo("ann"), "not looked at each time");
        _site.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.That(await client.WhoAsync(), Is.EqualTo("bob"));
        File.Delete(Path.Combine(_site.Folder, "user.crt"));
        _site.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.That(await client.WhoAsync(), Is.EqualTo("bob"));
    }

    [Test]
    public async Task A_certificate_in_files_is_looked_at_again_when_the_server_refuses_it()
    {
        WritePair("ann", TimeSpan.FromSeconds(3));
        using var client = _site.Client(_site.Connection("client-certificate: user.crt, client-key: user.key"));
        Assert.That(await client.WhoAsync(), Is.EqualTo("ann"));
        WritePair("bob");
        await Eventually.HoldsAsync(async () => await client.WhoAsync() == "bob");
    }

    [Test]
    public async Task A_certificate_may_stand_in_the_kubeconfig_itself()
    {
        var (certificate, key) = _site.Certificate("ann");
        using var client = _site.Client(_site.Connection($"client-certificate-data: {Base64(certificate)}, client-key-data: {Base64(key)}"));
        Assert.That(await client.WhoAsync(), Is.EqualTo("ann"));
    }

    [Test]
    public async Task A_token_file_is_read_again_when_the_server_refuses_the_token_and_each_minute()
    {
        _site.Write("token", _site.Token("ann"));
        using var client = _site.Client(_site.Connection("tokenFile: token"));
        Assert.That(await client.WhoAsync(), Is.EqualTo("ann"));
        _site.Write("token", $"{_site.Token("ann")}\n");
        Assert.That(await client.WhoAsync(), Is.EqualTo("ann"));
        _site.Write("token", _site.Token("bob"));
        _site.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.That(await client.WhoAsync(), Is.EqualTo("bob"));
    }

    [Test]
    public async Task A_token_file_that_holds_no_token_is_named_and_not_quoted()
    {
        using var client = _site.Client(_site.Connection("tokenFile: token"));
        Assert.That(client.WhoAsync, Throws.InstanceOf<HttpRequestException>().With.Message.Contains($"{_site.Folder}/token"));
        _site.Write("token", "hunter2\nhunter2");
        Assert.That(client.WhoAsync, Throws.InstanceOf<HttpRequestException>().With.Message.EqualTo($"The token file {_site.Folder}/token holds no token."));
        _site.Write("token", _site.Token("ann"));
        Assert.That(await client.WhoAsync(), Is.EqualTo("ann"));
    }

    [Test]
    public async Task Merged_files_each_name_their_own_neighbours()
    {
        var (certificate, key) = _site.Certificate("ann");
        _site.Write("clusters/ca.pem", await File.ReadAllTextAsync(Path.Combine(_site.Folder, "ca.crt")));
        _site.Write("users/ca.pem", "nothing");
        _site.Write("users/me.crt", certificate);
        _site.Write("users/me.key", key);
        var connection = KubeConfig.Load(
            [
                _site.Write("contexts", "{current-context: a, contexts: [{name: a, context: {cluster: c, user: u}}]}"),
                _site.Write("users/config", "{current-context: b, users: [{name: u, user: {client-certificate: me.crt, client-key: ./me.key}}]}"),
                _site.Write("clusters/config", $$"""{clusters: [{name: c, cluster: {server: "{{_site.Address}}", certificate-authority: ca.pem} }], users: [{name: u, user: {token: x} }]}"""),
            ],
            null,
            _site.Time);
        using var client = _site.Client(connection);
        Assert.That(await client.WhoAsync(), Is.EqualTo("ann"));
    }

    [Test]
    public async Task Whoever_is_acted_as_comes_with_each_of_his_groups()
    {
        using var client = _site.Client(_site.Connection(
            $"token: {_site.Token("root", "system:masters")}, as: ann, as-uid: \"7\", as-groups: [web, \"shop, and bar\", zoë], as-user-extra: {{dev.example/scope: [a, b]}}"));
        var who = await client.AskAsync();
        Assert.Multiple(() =>
        {
            Assert.That((who.String("username"), who.String("uid")), Is.EqualTo(("ann", "7")));
            Assert.That(who.Strings("groups"), Is.SupersetOf(new[] { "web", "shop, and bar", "zoë" }).And.None.Contains("web,"));
            Assert.That(who.Object("extra").Strings("dev.example/scope"), Is.EqualTo(new[] { "a", "b" }));
        });
    }

    private static string Base64(string text) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text));

    private JsonObject Pair(string user, TimeSpan? life = null)
    {
        var (certificate, key) = _site.Certificate(user, life);
        return new JsonObject { ["clientCertificateData"] = certificate, ["clientKeyData"] = key };
    }

    private void WritePair(string user, TimeSpan? life = null)
    {
        var (certificate, key) = _site.Certificate(user, life);
        _site.Write("user.crt", certificate);
        _site.Write("user.key", key);
    }
}
