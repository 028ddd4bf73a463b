using System.Text.Json.Nodes;
using Portcullis.EndToEnd.Packaging;
using Portcullis.EndToEnd.Programs;
using Portcullis.Testing;
using Portcullis.Testing.Engines;
using Portcullis.Testing.Notaries;
using Portcullis.Testing.Registries;

namespace Portcullis.EndToEnd.SupplyChain;

/// <summary>
/// The chain of the second reference document ("Building a Docker Secure Supply Chain"), from the push of a build to the pipeline that signs it and the pod that runs it, with the
/// real docker, dockerd, docker-registry, notary-server and notary.
/// </summary>
[TestFixture]
internal sealed class SupplyChainTests
{
    [SetUp]
    public void SkipWithoutPrograms()
    {
        if ((DockerEngine.Missing ?? DockerClient.Missing ?? DockerRegistry.Missing ?? NotaryServer.Missing ?? Kubectl.Missing) is { } reason)
        {
            Assert.Ignore(reason);
        }
    }

    [Test]
    public async Task A_build_is_pushed_can_never_be_overwritten_is_promoted_twice_and_starts_the_pipeline_that_signs_it()
    {
        await using var chain = await SupplyChainStage.StartAsync();
        var build = $"{chain.Host}/admin/flask_build:66";
        await chain.BuildAsync(build, "print('66')");

        // Push, with an identity that lasts five minutes.
        Assert.That((await chain.DockerAsync("push", build)).Code, Is.Not.Zero, "nobody has logged in");
        await chain.LogInAsync();
        var (code, output) = await chain.DockerAsync("push", build);
        Assert.That(code, Is.Zero, output);
        var digest = output.Split("digest: ")[1].Split(' ')[0];

        // Immutability.
        await chain.BuildAsync(build, "print('another 66')");
        (code, output) = await chain.DockerAsync("push", build);
        Assert.That(code, Is.Not.Zero);
        Assert.That(output, Does.Contain($"unknown: tag=66 cannot be overwritten because {chain.Host}/admin/flask_build is an immutable repository"));

        // Promotion, twice; a policy that asks for an image without vulnerabilities does not promote this one.
        await Eventually.HoldsAsync(async () => await LastPromotionAsync(chain, "flask-builds") is not null && await LastPromotionAsync(chain, "flask-latest") is not null, TimeSpan.FromSeconds(60));
        Assert.That(await DigestAsync(chain, "66"), Is.EqualTo(digest));
        Assert.That(await DigestAsync(chain, "latest"), Is.EqualTo(digest));
        Assert.That(await DigestAsync(chain, "clean-66"), Is.Null);
        await Eventually.HoldsAsync(
            async () => (await chain.Kubectl.JsonAsync("get", "promotionpolicy", "flask-clean"))["status"]?["decisions"]?.ToJsonString().Contains("1 vulnerability; at most 0 allowed", StringComparison.Ordinal) == true,
            TimeSpan.FromSeconds(60));

        // The pipeline is started once for each promotion, with what was promoted.
        await Eventually.HoldsAsync(() => chain.GitLab.Triggers.Count >= 2, TimeSpan.FromSeconds(60));
        Assert.That(chain.GitLab.Triggers.Select(t => t["variables[IMAGE_TAG]"]).Order(StringComparer.Ordinal), Is.EqualTo(new[] { "66", "latest" }));
        Assert.That(chain.GitLab.Triggers.Select(t => t["token"]), Is.All.EqualTo(SupplyChainStage.TriggerToken));
        Assert.That(chain.GitLab.Triggers.Select(t => t["variables[IMAGE_DIGEST]"]), Is.All.EqualTo(digest));
        Assert.That(chain.GitLab.Triggers.Select(t => t["variables[IMAGE_REPOSITORY]"]), Is.All.EqualTo("admin/flask"));

        await ExplainedAsync(chain, digest);
        await MendedAsync(chain);
        await SignedAsync(chain, digest);
    }

    /// <summary>Nothing unsigned runs; the pipeline signs what was promoted, by the digest that its trigger names; that runs, by the digest, and docker pulls it with content trust.</summary>
    private static async Task SignedAsync(SupplyChainStage chain, string digest)
    {
        var (released, unsigned) = ($"{chain.Host}/admin/flask:66", $"{chain.Host}/admin/flask:clean-67");
        using var pipeline = await chain.PipelineAsync();
        var (code, output) = await chain.RunPodAsync("early", released);
        Assert.That(code, Is.Not.Zero, output);
        Assert.That(output, Does.Contain($"image or trust data does not exist for {released}"));

        await chain.SignAsync(pipeline, "66");
        await Eventually.HoldsAsync(async () => (await chain.RunPodAsync("web", released)).Code == 0, TimeSpan.FromSeconds(60));
        var pod = await chain.Kubectl.JsonAsync("get", "pod", "web", "--namespace", "shop");
        Assert.That(pod["spec"]!["containers"]![0]!["image"]!.GetValue<string>(), Does.StartWith($"{chain.Host}/admin/flask").And.EndWith($"@{digest}"));
        (code, output) = await chain.RunPodAsync("other", unsigned);
        Assert.That(code, Is.Not.Zero, output);
        Assert.That(output, Does.Contain($"image or trust data does not exist for {unsigned}"));

        (code, output) = await chain.RunAsync("env", ["DOCKER_CONTENT_TRUST=1", "docker", "pull", released], null);
        Assert.That(code, Is.Zero, output);
        Assert.That(output, Does.Contain(digest));
        (code, output) = await chain.RunAsync("env", ["DOCKER_CONTENT_TRUST=1", "docker", "pull", unsigned], null);
        Assert.That(code, Is.Not.Zero, output);
    }

    /// <summary>The next build has the package without the vulnerability, and is promoted by the policy that asks for that.</summary>
    private static async Task MendedAsync(SupplyChainStage chain)
    {
        var build = $"{chain.Host}/admin/flask_build:67";
        await chain.BuildAsync(build, "print('67')", SupplyChainStage.MendedFlask);
        var (code, output) = await chain.DockerAsync("push", build);
        Assert.That(code, Is.Zero, output);
        await Eventually.HoldsAsync(async () => await DigestAsync(chain, "clean-67") is not null, TimeSpan.FromSeconds(60));
        Assert.That(await DigestAsync(chain, "clean-66"), Is.Null);
        var scans = await chain.Kubectl.AskAsync("get", "imagescans", "-o", "wide");
        Assert.That(scans, Does.Contain("admin/flask_build").And.Contain("admin/flask ").And.Contain("Completed"));
    }

    [Test]
    public async Task Who_has_no_grant_can_neither_pull_what_is_private_nor_push_and_everybody_pulls_what_is_public()
    {
        await using var chain = await SupplyChainStage.StartAsync();
        await chain.LogInAsync();
        var build = $"{chain.Host}/admin/flask_build:66";
        await chain.BuildAsync(build, "print('66')");
        Assert.That((await chain.DockerAsync("push", build)).Code, Is.Zero);
        await Eventually.HoldsAsync(async () => await DigestAsync(chain, "latest") is not null, TimeSpan.FromSeconds(60));

        // The pipeline's grant is on the builds: what it builds gets to admin/flask by promotion alone.
        var released = $"{chain.Host}/admin/flask:by-hand";
        Assert.That((await chain.DockerAsync("tag", build, released)).Code, Is.Zero);
        var (code, output) = await chain.DockerAsync("push", released);
        Assert.That(code, Is.Not.Zero);
        Assert.That(output, Does.Contain("denied"));

        await chain.LogInAsync("tickets/other");
        (code, output) = await chain.DockerAsync("pull", build);
        Assert.That(code, Is.Not.Zero, output);

        await chain.DockerAsync("logout", chain.Host);
        (code, output) = await chain.DockerAsync("pull", $"{chain.Host}/admin/flask:latest");
        Assert.That(code, Is.Zero, output);
        (code, output) = await chain.DockerWithInputAsync("wrong", "login", "-u", "gitlab-ci", "--password-stdin", chain.Host);
        Assert.That(code, Is.Not.Zero, output);
    }

    /// <summary>What happened and why is in status, in the ledger and in what the command prints.</summary>
    private static async Task ExplainedAsync(SupplyChainStage chain, string digest)
    {
        var repositories = await chain.Kubectl.AskAsync("get", "repo,promo", "-o", "wide");
        Assert.That(repositories, Does.Contain("flask-builds").And.Contain("admin/flask_build").And.Contain("latest"));
        var (code, output, error) = await PortcullisProcess.RunAsync("promotion", "explain", "admin/flask:66", "--kubeconfig", chain.Kubeconfig);
        Assert.That(code, Is.Zero, output + error);
        Assert.That(output, Does.Contain(digest).And.Contain("admin/flask_build:66").And.Contain("flask-builds"));
    }

    private static async Task<JsonNode?> LastPromotionAsync(SupplyChainStage chain, string policy) =>
        (await chain.Kubectl.JsonAsync("get", "promotionpolicy", policy))["status"]?["lastPromotion"];

    /// <summary>What a tag of the public repository names, as anybody sees it; null for nothing.</summary>
    private static async Task<string?> DigestAsync(SupplyChainStage chain, string tag)
    {
        var (code, output) = await chain.RunAsync("skopeo", ["inspect", "--no-creds", "--tls-verify=false", "--format", "{{.Digest}}", $"docker://{chain.Host}/admin/flask:{tag}"], null);
        return code == 0 ? output : null;
    }
}
