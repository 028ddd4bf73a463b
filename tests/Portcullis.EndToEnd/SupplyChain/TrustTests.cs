using Portcullis.EndToEnd.Packaging;
using Portcullis.EndToEnd.Programs;
using Portcullis.Testing;
using Portcullis.Testing.Engines;
using Portcullis.Testing.Notaries;
using Portcullis.Testing.Registries;

namespace Portcullis.EndToEnd.SupplyChain;

/// <summary>What becomes of signatures and delegations when people, keys and processes change: with the real notary client, notary-server and docker-registry behind <c>up</c>.</summary>
[TestFixture]
internal sealed class TrustTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [SetUp]
    public void SkipWithoutPrograms()
    {
        if ((DockerEngine.Missing ?? DockerClient.Missing ?? DockerRegistry.Missing ?? NotaryServer.Missing ?? Kubectl.Missing) is { } reason)
        {
            Assert.Ignore(reason);
        }
    }

    [Test]
    public async Task What_was_signed_runs_again_after_up_was_killed_though_its_Notary_server_has_lost_everything()
    {
        await using var chain = await SupplyChainStage.StartAsync();
        var image = await chain.PromotedAsync("66");
        using var pipeline = await chain.PipelineAsync();
        await chain.SignAsync(pipeline, "66");
        await Eventually.HoldsAsync(async () => (await chain.RunPodAsync("before", image)).Code == 0, Patience);

        await chain.KillAsync();
        await chain.UpAsync();

        await Eventually.HoldsAsync(async () => (await chain.RunPodAsync("after", image)).Code == 0, Patience);
        using var fresh = await chain.NotaryAsync();
        Assert.That((await fresh.RunAsync("list", chain.Gun)).Succeeded(), Does.Contain("66"));
        Assert.That((await fresh.RunAsync("delegation", "list", chain.Gun)).Succeeded(), Does.Contain("targets/gitlab").And.Contain("targets/releases"));
    }

    [Test]
    public async Task A_commit_is_on_the_Notary_server_also_when_up_is_killed_in_the_middle_of_it()
    {
        await using var chain = await SupplyChainStage.StartAsync();
        foreach (var milliseconds in (int[])[300, 700, 1100])
        {
            using var unborn = new NotaryClientProgram(new Uri($"https://{chain.Host}"));
            var (_, certificate) = unborn.NewKeyPair("gitlab");
            SupplyChainDeclarations.WriteTrust(chain, await File.ReadAllTextAsync(certificate));
            using var moment = new PeriodicTimer(TimeSpan.FromMilliseconds(milliseconds));
            await moment.WaitForNextTickAsync();
            await chain.KillAsync();
            await chain.UpAsync();
        }

        using var pipeline = await chain.PipelineAsync();
        var delegations = (await pipeline.RunAsync("delegation", "list", chain.Gun)).Succeeded();
        Assert.That(delegations, Does.Contain(Path.GetFileNameWithoutExtension(pipeline.KeyFiles.Single())), delegations);
    }

    [Test]
    public async Task What_somebody_changes_on_the_server_by_hand_is_put_back_and_what_nobody_declares_is_reported()
    {
        await using var chain = await SupplyChainStage.StartAsync();
        using var pipeline = await chain.PipelineAsync();
        using var administrator = await chain.AdministratorAsync();

        (await administrator.RunAsync("delegation", "remove", chain.Gun, "targets/gitlab", "--yes", "--publish")).Succeeded();
        await Eventually.HoldsAsync(
            async () => (await administrator.RunAsync("delegation", "list", chain.Gun)).Text.Contains("targets/gitlab", StringComparison.Ordinal), TimeSpan.FromMinutes(3));

        (await administrator.RunAsync("delegation", "add", chain.Gun, "targets/mine", administrator.NewKeyPair("mine").Certificate, "--all-paths", "--publish")).Succeeded();
        await Eventually.HoldsAsync(
            async () => (await chain.Kubectl.AskAsync("get", "trustdelegation", "flask", "-o", "yaml")).Contains("targets/mine", StringComparison.Ordinal), TimeSpan.FromMinutes(3));
        Assert.That((await administrator.RunAsync("delegation", "list", chain.Gun)).Succeeded(), Does.Contain("targets/mine"));
    }

    [Test]
    public async Task A_signature_stops_counting_when_its_key_leaves_Git()
    {
        await using var chain = await SupplyChainStage.StartAsync();
        var image = await chain.PromotedAsync("66");
        using var pipeline = await chain.PipelineAsync();
        await chain.SignAsync(pipeline, "66");
        await Eventually.HoldsAsync(async () => (await chain.RunPodAsync("signed", image)).Code == 0, Patience);

        using var another = await chain.PipelineAsync();

        await Eventually.HoldsAsync(async () => (await chain.RunPodAsync("unsigned", image)) is { Code: not 0, Output: var output } && output.Contains(image, StringComparison.Ordinal), Patience);

        // What the old key signed is still the roles' content: whoever may sign now takes it over first, else the server refuses an older version.
        (await another.RunAsync("witness", chain.Gun, "targets/releases", "targets/gitlab", "--publish")).Succeeded();
        await chain.SignAsync(another, "66");
        await Eventually.HoldsAsync(async () => (await chain.RunPodAsync("signed-again", image)).Code == 0, Patience);
    }
}
