using System.Text.Json.Nodes;
using Portcullis.EndToEnd.Packaging;
using Portcullis.EndToEnd.Programs;
using Portcullis.Testing;
using Portcullis.Testing.Engines;
using Portcullis.Testing.Registries;

namespace Portcullis.EndToEnd.SupplyChain;

/// <summary>
/// The chain of the second reference document ("Building a Docker Secure Supply Chain"), from the push of a build to the pipeline that its promotion starts, with the real docker,
/// dockerd and docker-registry.
/// </summary>
[TestFixture]
internal sealed class SupplyChainTests
{
    [SetUp]
    public void SkipWithoutPrograms()
    {
        if ((DockerEngine.Missing ?? DockerClient.Missing ?? DockerRegistry.Missing ?? Kubectl.Missing) is { } reason)
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

        // Promotion, twice; a policy that asks for a scan promotes nothing.
        await Eventually.HoldsAsync(async () => await LastPromotionAsync(chain, "flask-builds") is not null && await LastPromotionAsync(chain, "flask-latest") is not null, TimeSpan.FromSeconds(60));
        Assert.That(await DigestAsync(chain, "66"), Is.EqualTo(digest));
        Assert.That(await DigestAsync(chain, "latest"), Is.EqualTo(digest));
        Assert.That(await DigestAsync(chain, "clean-66"), Is.Null);
        var heldBack = await chain.Kubectl.JsonAsync("get", "promotionpolicy", "flask-clean");
        Assert.That(heldBack["status"]!["decisions"]!.ToJsonString(), Does.Contain("not scanned"));

        // The pipeline is started once for each promotion, with what was promoted.
        await Eventually.HoldsAsync(() => chain.GitLab.Triggers.Count >= 2, TimeSpan.FromSeconds(60));
        Assert.That(chain.GitLab.Triggers.Select(t => t["variables[IMAGE_TAG]"]).Order(StringComparer.Ordinal), Is.EqualTo(new[] { "66", "latest" }));
        Assert.That(chain.GitLab.Triggers.Select(t => t["token"]), Is.All.EqualTo(SupplyChainStage.TriggerToken));
        Assert.That(chain.GitLab.Triggers.Select(t => t["variables[IMAGE_DIGEST]"]), Is.All.EqualTo(digest));
        Assert.That(chain.GitLab.Triggers.Select(t => t["variables[IMAGE_REPOSITORY]"]), Is.All.EqualTo("admin/flask"));

        await ExplainedAsync(chain, digest);
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
