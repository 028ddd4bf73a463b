using System.Diagnostics;
using Portcullis.Testing.Clusters;

namespace Portcullis.ApiServer.Tests.Conformance;

/// <summary>The scale subresource, by the kubectl of this machine.</summary>
[TestFixture]
internal sealed class KubectlScaleTests
{
    private TestCluster _cluster = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        if (!File.Exists("/usr/bin/kubectl"))
        {
            Assert.Ignore("kubectl is not installed.");
        }

        _cluster = await TestCluster.StartAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    [Test]
    public async Task Kubectl_scales_and_says_so()
    {
        await RunAsync("create", "deployment", "web", "--image=nginx");

        Assert.That(await RunAsync("scale", "deployment", "web", "--replicas=3"), Is.EqualTo((0, "deployment.apps/web scaled")));
        Assert.That(await RunAsync("scale", "deployment", "web", "--current-replicas=3", "--replicas=4"), Is.EqualTo((0, "deployment.apps/web scaled")));
        Assert.That(await RunAsync("get", "deployment", "web", "-o", "jsonpath={.spec.replicas}"), Is.EqualTo((0, "4")));
        Assert.That(await RunAsync("get", "deployment", "web", "--subresource=scale", "-o", "jsonpath={.kind} {.spec.replicas} {.status.selector}"), Is.EqualTo((0, "Scale 4 app=web")));
    }

    [TestCase("merge", """{"spec":{"replicas":-1}}""")]
    [TestCase("json", """[{"op":"replace","path":"/spec/replicas","value":-1}]""")]
    public async Task Less_than_none_is_refused_as_a_Scale(string type, string patch)
    {
        var name = $"less-{type}";
        await RunAsync("create", "deployment", name, "--image=nginx");
        var (code, text) = await RunAsync("patch", "deployment", name, "--subresource=scale", $"--type={type}", "--patch", patch);
        Assert.That(code, Is.EqualTo(1));
        Assert.That(text, Is.EqualTo($"The Scale \"{name}\" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0"));
        Assert.That(await RunAsync("get", "deployment", name, "-o", "jsonpath={.spec.replicas}"), Is.EqualTo((0, "1")));
    }

    private async Task<(int Code, string Text)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/kubectl", [.. arguments, "--kubeconfig", _cluster.KubeconfigPath]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, (output + await error).Trim());
    }
}
