using Portcullis.Commands;
using Portcullis.Core.Repositories;
using Portcullis.Tests.Trust.Delegations;

namespace Portcullis.Tests.Promotions;

/// <summary><c>portcullis promotion explain</c> of a policy that asks for signatures: it finds out by the Notary server, as the operator does.</summary>
internal sealed class PromotionSignatureTests
{
    private static readonly RepositoryId Repository = new("dtr", "shop/web");

    [Test]
    public async Task Signatures_are_verified_by_what_the_Notary_server_has_now()
    {
        await using var world = await TrustWorld.StartAsync();
        var ci = world.Client();
        var (key, certificate) = ci.NewKeyPair("ci");
        await ci.ImportAsync(key, "ci");
        await DeclareAsync(world, TrustWorld.Certificate(certificate));
        await world.DeclareAsync("{name: targets/ci, signers: [{team: acme/release}]}");
        await world.UntilPublishedAsync();

        Assert.That(await ExplainAsync(world), Is.EqualTo((1, "not met  SignedBy OneOf acme/release: not signed")));

        await ci.SignAsync(TrustWorld.Gun, "66", TrustWorld.Digest("66"), 1234, "targets/ci");
        Assert.That((await ExplainAsync(world)).Line, Is.EqualTo("met      SignedBy OneOf acme/release: signed by acme/release"));

        await world.Server.StopAsync();
        Assert.That(await ExplainAsync(world), Is.EqualTo((1, "unknown  SignedBy OneOf acme/release: not verified")));
    }

    private static Task DeclareAsync(TrustWorld world, string certificate) => world.Cluster.ApplyAsync($$"""
        apiVersion: portcullis.dev/v1alpha1
        kind: Organization
        metadata: {name: acme}
        spec: {users: [{name: ci, publicKeys: [{{certificate}}]}], teams: [{name: release, members: [ci]}]}
        ---
        apiVersion: portcullis.dev/v1alpha1
        kind: Repository
        metadata: {name: live}
        spec: {registry: dtr, name: shop/live}
        ---
        apiVersion: portcullis.dev/v1alpha1
        kind: TagLedger
        metadata: {name: {{LedgerShards.Key(Repository, 0).Name}}, labels: { {{LedgerShards.RepositoryLabel}}: {{LedgerShards.HashOf(Repository)}} } }
        spec: {registry: dtr, repository: shop/web, shard: 0, entries: [{tag: "66", digest: "{{TrustWorld.Digest("66")}}", pushedAt: "2026-03-01T00:00:00.000000Z"}]}
        ---
        apiVersion: portcullis.dev/v1alpha1
        kind: PromotionPolicy
        metadata: {name: live}
        spec:
          registry: dtr
          source: {repository: shop/web}
          target: {repository: shop/live, tagTemplate: "%n"}
          applyTo: Existing
          criteria: [{field: SignedBy, operator: OneOf, values: [acme/release]}]
        """);

    private static async Task<(int Code, string Line)> ExplainAsync(TrustWorld world)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(["promotion", "explain", "shop/web:66", "--kubeconfig", world.Cluster.KubeconfigPath], output, error, [PromotionCommand.Create()]);
        Assert.That(error.ToString(), Is.Empty);
        return (code, output.ToString().Split('\n').Select(l => l.Trim()).Single(l => l.Contains("SignedBy", StringComparison.Ordinal)));
    }
}
