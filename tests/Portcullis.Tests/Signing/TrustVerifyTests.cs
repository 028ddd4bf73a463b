using System.Text.Json.Nodes;
using Portcullis.Commands;
using Portcullis.Objects.Json;

namespace Portcullis.Tests.Signing;

/// <summary><c>portcullis trust verify</c> against a cluster, of which no repository has trust data.</summary>
[TestFixture]
internal sealed class TrustVerifyTests
{
    private SigningWorld _world = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _world = await SigningWorld.StartAsync();
        await _world.DeclareAsync("production", "mode: Enforce, required: [{team: ci/release}], scope: {namespaces: [web]}");
        await _world.DeclareAsync("tried", "mode: Audit, anySigner: true, scope: {namespaces: [web, batch]}");
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _world.DisposeAsync();

    [Test]
    public async Task An_image_that_a_policy_refuses_is_exit_1_with_every_step()
    {
        var (code, output, error) = await RunAsync("dtr.example.com/acme/app:1", "--namespace", "web");
        Assert.That((code, error), Is.EqualTo((1, "")));
        Assert.That(output, Is.EqualTo("""
            dtr.example.com/acme/app:1
              failed   trust data (Notary): no TrustDelegation pins root keys for dtr.example.com/acme/app, and nothing else begins trust: what is signed there does not count
              warning  SigningPolicy tried: image or trust data does not exist for dtr.example.com/acme/app:1: no TrustDelegation pins root keys for dtr.example.com/acme/app, and nothing else begins trust: what is signed there does not count
            does not satisfy SigningPolicy production: it may not run
              image or trust data does not exist for dtr.example.com/acme/app:1: no TrustDelegation pins root keys for dtr.example.com/acme/app, and nothing else begins trust: what is signed there does not count

            """));
    }

    [Test]
    public async Task What_is_only_audited_or_not_covered_may_run()
    {
        var audited = await RunAsync("quay.io/acme/app:1", "--namespace", "batch");
        var elsewhere = await RunAsync("dtr.example.com/acme/app:1", "--namespace", "elsewhere");
        Assert.Multiple(() =>
        {
            Assert.That((audited.Code, audited.Output), Is.EqualTo((0, """
                quay.io/acme/app:1
                  failed   registry: quay.io must be a registered trusted registry: no Registry declares the host
                  warning  SigningPolicy tried: quay.io must be a registered trusted registry
                does not satisfy SigningPolicy tried, which only audits: it may run
                  quay.io must be a registered trusted registry

                """)));
            Assert.That((elsewhere.Code, elsewhere.Output.Split('\n')[^2]), Is.EqualTo((0, "no SigningPolicy covers it in the namespace elsewhere: it may run")));
        });
    }

    /// <summary>Who leaves the place out in a pipeline must not read that an image may run which is refused where it will.</summary>
    [Test]
    public async Task Without_a_namespace_every_policy_is_asked_that_covers_the_image_somewhere()
    {
        var (code, output, _) = await RunAsync("dtr.example.com/acme/app:1");
        Assert.That((code, output.Split('\n')[^3]), Is.EqualTo((1, "does not satisfy SigningPolicy production: it may not run where that holds")));
    }

    [Test]
    public async Task One_policy_is_asked_whatever_its_mode_and_scope()
    {
        var (code, output, _) = await RunAsync("quay.io/acme/app:1", "--policy", "tried", "--output", "json");
        var json = (JsonObject)JsonNode.Parse(output)!;
        Assert.That((code, json.String("verdict"), json.String("mode"), json.Array("policies")!.Count), Is.EqualTo((1, "Refused", "Enforce", 1)));
    }

    [TestCase("Not/An image", "\"Not/An image\" is not the name of an image")]
    [TestCase("dtr.example.com/acme/app:1", "no source declares a SigningPolicy nobodys", "--policy", "nobodys")]
    public async Task What_there_is_not_is_exit_2(string image, string message, params string[] more)
    {
        var (code, output, error) = await RunAsync([image, .. more]);
        Assert.That((code, output, error), Is.EqualTo((2, "", $"portcullis: {message}\n")));
    }

    [Test]
    public async Task A_cluster_that_does_not_answer_is_exit_3()
    {
        var folder = Directory.CreateTempSubdirectory("tv-");
        var file = Path.Combine(folder.FullName, "kubeconfig");
        await File.WriteAllTextAsync(file, """
            {"apiVersion": "v1", "kind": "Config", "current-context": "a", "contexts": [{"name": "a", "context": {"cluster": "a", "user": "a"}}],
             "clusters": [{"name": "a", "cluster": {"server": "http://127.0.0.1:1"}}], "users": [{"name": "a", "user": {}}]}
            """);
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(["trust", "verify", "dtr.example.com/acme/app:1", "--kubeconfig", file], output, error, [TrustCommand.Create()]);
        folder.Delete(recursive: true);
        Assert.That((code, error.ToString().Contains("cannot reach the server", StringComparison.Ordinal)), Is.EqualTo((3, true)));
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(["trust", "verify", .. arguments, "--kubeconfig", _world.Cluster.KubeconfigPath], output, error, [TrustCommand.Create()]);
        return (code, output.ToString(), error.ToString());
    }
}
