using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portcullis.Kubernetes.Connection;
using Portcullis.Testing;
using Portcullis.Testing.Programs;

namespace Portcullis.Kubernetes.Tests.Connection;

internal sealed class KubeConfigTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portcullis-kubeconfig-").FullName;
    private readonly ManualTimeProvider _time = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Of_several_files_the_first_to_say_something_wins_and_a_missing_one_is_skipped()
    {
        var first = Write("first", """
            current-context: work
            contexts: [{name: work, context: {cluster: c, user: u, namespace: team}}]
            users: [{name: u, user: {token: from-first}}]
            """);
        var second = Write("second", """
            current-context: home
            clusters: [{name: c, cluster: {server: "https://second:6443"}}]
            users: [{name: u, user: {token: from-second}}]
            """);
        var connection = KubeConfig.Load([Path.Combine(_folder, "missing"), first, second], null, _time);
        Assert.That(connection.Server, Is.EqualTo(new Uri("https://second:6443")));
        Assert.That(await TokenAsync(connection), Is.EqualTo("from-first"));
    }

    [Test]
    public void Another_context_can_be_chosen_and_an_unknown_one_is_named()
    {
        var file = Write("config", """
            current-context: a
            contexts: [{name: a, context: {cluster: a}}, {name: b, context: {cluster: b}}]
            clusters: [{name: a, cluster: {server: "https://a"}}, {name: b, cluster: {server: "https://b", tls-server-name: real, proxy-url: "socks5://p:1080", insecure-skip-tls-verify: true}}]
            """);
        var connection = KubeConfig.Load([file], "b", _time);
        Assert.That((connection.Server.Host, connection.TlsServerName, connection.Proxy!.Scheme, connection.SkipTlsVerify), Is.EqualTo(("b", "real", "socks5", true)));
        Assert.That(() => KubeConfig.Load([file], "c", _time), Throws.InstanceOf<KubeConfigException>().With.Message.EqualTo($"{file}: there is no context 'c'."));
        Assert.That(() => KubeConfig.Load(["/nowhere/config"], null, _time), Throws.InstanceOf<KubeConfigException>().With.Message.EqualTo("/nowhere/config: there is no such kubeconfig"));
    }

    [Test]
    public void Certificates_come_from_data_or_from_files_beside_the_config_and_data_wins()
    {
        var (certificate, key) = Pair("ann");
        var (other, otherKey) = Pair("other");
        File.WriteAllText(Path.Combine(_folder, "key.pem"), otherKey);
        File.WriteAllText(Path.Combine(_folder, "cert.pem"), other);
        File.WriteAllText(Path.Combine(_folder, "ca.pem"), other);
        var file = Write("config", $$"""
            current-context: a
            contexts: [{name: a, context: {cluster: c, user: u} }, {name: f, context: {cluster: c, user: f} }]
            clusters: [{name: c, cluster: {server: "https://a", certificate-authority: ca.pem} }]
            users:
            - name: u
              user:
                client-certificate: cert.pem
                client-key: key.pem
                client-certificate-data: {{Base64(certificate)}}
                client-key-data: {{Base64(key)}}
            - name: f
              user: {client-certificate: cert.pem, client-key: key.pem}
            """);
        Assert.That(KubeConfig.Load([file], null, _time).Credentials.Certificate!.Subject, Is.EqualTo("CN=ann"));
        var fromFiles = KubeConfig.Load([file], "f", _time);
        Assert.That(fromFiles.Credentials.Certificate!.Subject, Is.EqualTo("CN=other"));
        Assert.That(fromFiles.Credentials.Certificate!.HasPrivateKey, Is.True);
        Assert.That(fromFiles.CertificateAuthorities.Single().Subject, Is.EqualTo("CN=other"));
    }

    [Test]
    public async Task A_token_file_is_read_again_each_minute_and_the_last_token_kept_while_it_is_away()
    {
        var tokenFile = Path.Combine(_folder, "token");
        await File.WriteAllTextAsync(tokenFile, "one\n");
        var connection = KubeConfig.Load([Write("config", User("tokenFile: token"))], null, _time);
        Assert.That(await TokenAsync(connection), Is.EqualTo("one"));
        await File.WriteAllTextAsync(tokenFile, "two\n");
        Assert.That(await TokenAsync(connection), Is.EqualTo("one"));
        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.That(await TokenAsync(connection), Is.EqualTo("two"));
        File.Delete(tokenFile);
        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.That(await TokenAsync(connection), Is.EqualTo("two"));
    }

    [Test]
    public async Task A_credential_plugin_runs_once_until_its_credential_expires_or_is_refused()
    {
        var expires = _time.GetUtcNow().AddMinutes(10).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        Script.Write(Path.Combine(_folder, "plugin.sh"), $$"""
            #!/bin/sh
            echo run >> {{_folder}}/runs
            n=$(wc -l < {{_folder}}/runs)
            case "$KUBERNETES_EXEC_INFO" in *'"interactive":false'*) ;; *) exit 3;; esac
            echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential",'
            echo '"status":{"token":"'$PREFIX$n'","expirationTimestamp":"{{expires}}"} }'
            """);
        var connection = KubeConfig.Load([Write("config", User(
            "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin.sh, interactiveMode: Never, env: [{name: PREFIX, value: tok}]}"))], null, _time);
        Assert.That(await Task.WhenAll(TokenAsync(connection), TokenAsync(connection)), Is.EqualTo(new[] { "tok1", "tok1" }));
        _time.Advance(TimeSpan.FromMinutes(9));
        var credential = await connection.Credentials.GetAsync(CancellationToken.None);
        Assert.That(credential.Authorization!.Parameter, Is.EqualTo("tok1"));
        Assert.That(connection.Credentials.Refused(credential), Is.True);
        Assert.That(await TokenAsync(connection), Is.EqualTo("tok2"));
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.That(await TokenAsync(connection), Is.EqualTo("tok3"));
    }

    [Test]
    public void A_failing_plugin_and_one_that_wants_a_terminal_say_so()
    {
        var failing = KubeConfig.Load(
            [Write("config", User("exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: \"false\"}"))], null, _time);
        Assert.That(async () => await TokenAsync(failing), Throws.InstanceOf<HttpRequestException>().With.Message.Contains("exit code 1"));
        var file = Write("config", User("exec: {apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: Always}"));
        Assert.That(() => KubeConfig.Load([file], null, _time), Throws.InstanceOf<KubeConfigException>().With.Message.Contains("interactiveMode: Never"));
    }

    [TestCase("client-certificate-data: hunter2hunter2", "client-certificate cannot be read: it is not base64")]
    [TestCase("client-certificate-data: aHVudGVyMg==, client-key-data: aHVudGVyMg==", "are not a PEM certificate and its key")]
    [TestCase("auth-provider: {name: gcp}", "use an exec plugin")]
    public void What_cannot_be_used_is_named_without_being_quoted(string user, string words)
    {
        var e = Assert.Throws<KubeConfigException>(() => KubeConfig.Load([Write("config", User(user))], null, _time))!;
        Assert.That(e.ToString(), Does.Contain(words).And.Not.Contain("hunter2"));
    }

    [Test]
    public void Broken_yaml_is_reported_with_its_line()
    {
        var file = Write("config", "a: 1\nb: [\n");
        Assert.That(() => KubeConfig.Load([file], null, _time), Throws.InstanceOf<KubeConfigException>().With.Message.StartsWith(file + ":"));
    }

    [Test]
    public async Task A_pod_finds_its_own_connection()
    {
        var (ca, _) = Pair("cluster");
        await File.WriteAllTextAsync(Path.Combine(_folder, "ca.crt"), ca);
        await File.WriteAllTextAsync(Path.Combine(_folder, "token"), "pod-token");
        var connection = InCluster.Load(_folder, name => name == "KUBERNETES_SERVICE_HOST" ? "fd00::1" : "443", _time)!;
        Assert.That(connection.Server.AbsoluteUri, Is.EqualTo("https://[fd00::1]/"));
        Assert.That(await TokenAsync(connection), Is.EqualTo("pod-token"));
        Assert.That(InCluster.Load(_folder, _ => null, _time), Is.Null);
    }

    private static async Task<string?> TokenAsync(KubernetesConnection connection) =>
        (await connection.Credentials.GetAsync(CancellationToken.None)).Authorization?.Parameter;

    private static string User(string user) => $$"""
        current-context: a
        contexts: [{name: a, context: {cluster: c, user: u} }]
        clusters: [{name: c, cluster: {server: "https://a"} }]
        users: [{name: u, user: { {{user}} } }]
        """;

    private static (string Certificate, string Key) Pair(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2040, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    private static string Base64(string text) => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text));

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
