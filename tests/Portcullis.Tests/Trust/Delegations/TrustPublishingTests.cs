using Portcullis.Core.Trust;
using Portcullis.Testing;
using Portcullis.Testing.Notaries;

namespace Portcullis.Tests.Trust.Delegations;

/// <summary>A TrustDelegation and a real notary-server: what the operator publishes, the real client accepts, and works with.</summary>
[TestFixture]
internal sealed class TrustPublishingTests
{
    [Test]
    public async Task The_real_client_accepts_what_is_published_and_signs_with_a_declared_key()
    {
        await using var world = await TrustWorld.StartAsync();
        var (ci, role) = await DeclareReleasesAsync(world);

        Assert.That((await world.UntilPublishedAsync()).Versions, Is.EqualTo("1/1/1/1"));
        Assert.That((await ci.RunAsync("delegation", "list", TrustWorld.Gun)).Succeeded(), Does.Contain("targets/releases"));

        await ci.SignAsync(TrustWorld.Gun, "66", TrustWorld.Digest("66"), 1234, "targets/releases");
        Assert.That((await world.Client().RunAsync("list", TrustWorld.Gun)).Succeeded(), Does.Contain("66").And.Contain(TrustWorld.Digest("66")[7..]));

        // A second role: what was signed stays.
        await world.DeclareAsync($"{role}, {role.Replace("releases", "gitlab", StringComparison.Ordinal)}");
        var status = await world.UntilPublishedAsync(s => s.RoleCount == 2);
        Assert.That(status.Roles!.Select(r => $"{r.Name} {r.State} {r.Version}"), Is.EqualTo(new[] { "targets/gitlab Declared ", "targets/releases Declared 1" }));
        Assert.That((await world.Client().RunAsync("list", TrustWorld.Gun)).Succeeded(), Does.Contain("66"));
    }

    [Test]
    public async Task A_key_that_somebody_adds_by_hand_is_taken_away_and_one_of_a_role_nobody_declares_is_listed()
    {
        await using var world = await TrustWorld.StartAsync();
        await DeclareReleasesAsync(world);
        await world.UntilPublishedAsync();
        var mallory = world.Client();
        var (_, certificate) = mallory.NewKeyPair("mallory");
        var (targetsKey, _) = mallory.NewKeyPair("targets");
        await File.WriteAllTextAsync(targetsKey, NotaryKeys.Plain(world.Targets));
        (await mallory.RunAsync("key", "import", targetsKey, "-r", "targets", "-g", TrustWorld.Gun)).Succeeded();
        (await mallory.RunAsync("delegation", "add", TrustWorld.Gun, "targets/releases", certificate, "--all-paths", "-p")).Succeeded();
        (await mallory.RunAsync("delegation", "add", TrustWorld.Gun, "targets/other", certificate, "--all-paths", "-p")).Succeeded();

        // Nobody asks for it: the server's changefeed says that something was published.
        var status = await world.UntilPublishedAsync(s => s.RoleCount == 2 && s.Drift is { Count: 1 });
        Assert.That(status.Drift!.Single(), Does.StartWith("targets/other with the keys ").And.EndsWith(" is not declared"));
        Assert.That(status.Roles!.Select(r => $"{r.Name} {r.State} {r.Keys!.Count}"), Is.EqualTo(new[] { "targets/other Undeclared 1", "targets/releases Declared 1" }));
        Assert.That(await world.EventsAsync(), Has.Some.Contains("put back what somebody changed on the Notary server"));

        await world.DeclareAsync(await world.RolesAsync(), "undeclared: Prune");
        await world.UntilPublishedAsync(s => s.RoleCount == 1);
        Assert.That((await world.Client().RunAsync("delegation", "list", TrustWorld.Gun)).Succeeded(), Does.Not.Contain("targets/other"));
    }

    [Test]
    public async Task When_a_signer_is_replaced_the_tags_that_lose_their_signature_are_listed()
    {
        await using var world = await TrustWorld.StartAsync();
        var (ci, _) = await DeclareReleasesAsync(world);
        await world.UntilPublishedAsync();
        await ci.SignAsync(TrustWorld.Gun, "66", TrustWorld.Digest("66"), 1234, "targets/releases");
        await world.RequestAsync();
        await world.UntilPublishedAsync(s => s.Roles![0].Version == 1);

        var (_, another) = world.Client().NewKeyPair("another");
        await world.DeclareAsync($"{{name: targets/releases, signers: [{{certificate: {TrustWorld.Certificate(another)}}}]}}");

        var status = await world.UntilPublishedAsync(s => s.LosesSignature is not null);
        Assert.That(status.LosesSignature, Is.EqualTo(new[] { "targets/releases: 66" }));
        Assert.That((await world.Client().RunAsync("list", TrustWorld.Gun)).Text, Does.Not.Contain(TrustWorld.Digest("66")[7..]));
    }

    [Test]
    public async Task Targets_and_root_keys_are_replaced_and_clients_that_knew_the_old_ones_follow()
    {
        await using var world = await TrustWorld.StartAsync();
        var (_, role) = await DeclareReleasesAsync(world);
        await world.UntilPublishedAsync();
        var client = world.Client();
        (await client.RunAsync("list", TrustWorld.Gun)).Succeeded();

        using var targets = Portcullis.Trust.Keys.TrustSigningKey.Create();
        await world.KeyAsync("targets-2", targets, "targets");
        await world.DeclareAsync(role, targets: "targets-2");
        await world.UntilPublishedAsync(s => s.Versions!.StartsWith("2/2/", StringComparison.Ordinal));
        (await client.RunAsync("list", TrustWorld.Gun)).Succeeded();

        // The old root key stays in the Secret until the new one is in force.
        using var root = Portcullis.Trust.Keys.TrustSigningKey.Create();
        await world.SecretAsync("root-key", ("old", NotaryKeys.Plain(world.Root)), ("new", NotaryKeys.Plain(root)));
        await world.DeclareAsync(role, root: $"{{keySecretRef: {{name: root-key}}, publicKeys: [{NotaryKeys.PublicText(root)}]}}", targets: "targets-2");
        await world.UntilPublishedAsync(s => s.Versions!.StartsWith("4/2/", StringComparison.Ordinal) || s.Versions!.StartsWith("3/2/", StringComparison.Ordinal));
        await Eventually.HoldsAsync(async () => (await world.StatusAsync())!.RootKeys!.SequenceEqual([root.PublicKey.CanonicalId]));
        (await client.RunAsync("list", TrustWorld.Gun)).Succeeded();
        (await world.Client().RunAsync("list", TrustWorld.Gun)).Succeeded();
    }

    [Test]
    public async Task A_repository_that_notary_init_made_is_taken_over_with_its_snapshot_key()
    {
        await using var world = await TrustWorld.StartAsync();
        var by = world.Client();
        var (rootFile, _) = by.NewKeyPair("root");
        await File.WriteAllTextAsync(rootFile, NotaryKeyFileOf(world));
        (await by.RunAsync("init", "-p", TrustWorld.Gun, "--rootkey", rootFile)).Succeeded();
        Assert.That((await by.RunAsync("key", "list")).Succeeded(), Does.Contain("snapshot"));

        var (_, role) = await DeclareReleasesAsync(world);

        await world.UntilPublishedAsync(s => s.Versions!.StartsWith("2/", StringComparison.Ordinal));
        (await by.RunAsync("list", TrustWorld.Gun)).Succeeded();
        Assert.That(role, Is.Not.Empty);
    }

    [Test]
    public async Task A_root_whose_key_is_offline_is_published_when_its_signature_comes_through_Git()
    {
        await using var world = await TrustWorld.StartAsync();
        var pinned = NotaryKeys.Certificate(world.Root, TrustWorld.Host + "/*");
        var (_, role) = await DeclareReleasesAsync(world, root: $"{{publicKeys: [{pinned}]}}", rest: "initialize: IfMissing");
        var pending = (await world.UntilAsync(s => s.Pending is not null, "something to sign")).Pending!;
        Assert.That(pending.Role, Is.EqualTo("root"));

        var signature = Convert.ToBase64String(world.Root.Sign(Convert.FromBase64String(pending.Content)));
        await world.DeclareAsync(role, "initialize: IfMissing", root: $"{{publicKeys: [{pinned}], signatures: [{{repository: shop/web, keyId: {pending.Keys[0]}, method: ecdsa, sig: {signature}}}]}}");

        await world.UntilPublishedAsync();
        (await world.Client().RunAsync("delegation", "list", TrustWorld.Gun)).Succeeded();
    }

    [Test]
    public async Task A_server_that_lost_its_memory_gets_everything_again_and_clients_go_on()
    {
        await using var world = await TrustWorld.StartAsync();
        var (_, role) = await DeclareReleasesAsync(world);
        await world.UntilPublishedAsync();
        await world.DeclareAsync($"{role}, {role.Replace("releases", "gitlab", StringComparison.Ordinal)}");
        await world.UntilPublishedAsync(s => s.RoleCount == 2);
        await world.Server.StopAsync();
        await world.Server.StartAgainAsync();

        await world.RequestAsync();

        await world.UntilPublishedAsync(s => s.Versions!.StartsWith("1/3/", StringComparison.Ordinal));
        Assert.That((await world.Client().RunAsync("delegation", "list", TrustWorld.Gun)).Succeeded(), Does.Contain("targets/gitlab"));
    }

    [Test]
    public async Task Two_operators_and_two_declarations_of_one_repository_end_in_one_state()
    {
        await using var world = await TrustWorld.StartAsync();
        await world.StartHostAsync();
        var (_, role) = await DeclareReleasesAsync(world);
        await world.DeclareAsync(role.Replace("releases", "team", StringComparison.Ordinal), name: "team");

        await world.UntilPublishedAsync(s => s.RoleCount == 2);
        await world.UntilPublishedAsync(s => s.RoleCount == 2, name: "team");

        await world.DeclareAsync(role.Replace("targets/releases", "targets/releases, paths: [v]", StringComparison.Ordinal), name: "team");
        var conflict = await world.UntilAsync(s => s.State == nameof(TrustState.Conflict), "a conflict", "team");
        Assert.That(conflict.Message, Does.Contain("targets/releases has other paths"));
        Assert.That((await world.Client().RunAsync("delegation", "list", TrustWorld.Gun)).Succeeded(), Does.Contain("targets/team"));
    }

    [Test]
    public async Task Five_thousand_delegations_are_published_at_once()
    {
        await using var world = await TrustWorld.StartAsync();
        using var ann = Portcullis.Trust.Keys.TrustSigningKey.Create();
        await world.Cluster.ApplyAsync($$"""
            apiVersion: portcullis.dev/v1alpha1
            kind: Organization
            metadata: {name: acme}
            spec: {users: [{name: ann, publicKeys: [{{NotaryKeys.PublicText(ann)}}]}], teams: [{name: release, members: [ann]}]}
            """);

        await world.DeclareAsync(string.Join(", ", Enumerable.Range(0, 5000).Select(i => FormattableString.Invariant($"{{name: targets/team-{i}, signers: [{{team: acme/release}}]}}"))));

        var status = await world.UntilAsync(s => s.State == nameof(TrustState.Published), "5,000 delegations to be published", within: TimeSpan.FromMinutes(2));
        Assert.That(status.Versions, Is.EqualTo("1/1/1/1"));
        Assert.That((await world.Client().RunAsync("delegation", "list", TrustWorld.Gun)).Succeeded(), Does.Contain("targets/team-4999"));
    }

    [Test]
    public async Task Trust_data_of_another_root_is_not_touched()
    {
        await using var world = await TrustWorld.StartAsync();
        var other = world.Client();
        (await other.RunAsync("init", "-p", TrustWorld.Gun)).Succeeded();

        await DeclareReleasesAsync(world);

        var status = await world.UntilAsync(s => s.State == nameof(TrustState.Rejected), "it to be rejected");
        Assert.That(status.Message, Does.StartWith("root: "));
        Assert.That((await other.RunAsync("delegation", "list", TrustWorld.Gun)).Succeeded(), Does.Not.Contain("targets/releases"));
    }

    [Test]
    public async Task An_operator_that_was_killed_before_it_reported_publishes_nothing_again()
    {
        await using var world = await TrustWorld.StartAsync();
        await DeclareReleasesAsync(world);
        var before = await world.UntilPublishedAsync();
        await world.StopHostAsync();
        await world.ForgetStatusAsync();

        await world.StartHostAsync();

        var after = await world.UntilPublishedAsync();
        Assert.That(after.Versions, Is.EqualTo(before.Versions));
        Assert.That(await world.EventsAsync(), Has.None.Contains("put back"));
    }

    private static string NotaryKeyFileOf(TrustWorld world) => Portcullis.Trust.Keys.NotaryKeyFile.Write(world.Root, NotaryClientProgram.Passphrase, "root", null);

    /// <summary>Declares targets/releases for a new key of the CI, which a client of the CI holds.</summary>
    private static async Task<(NotaryClientProgram Ci, string Role)> DeclareReleasesAsync(TrustWorld world, string root = "{keySecretRef: {name: root-key}}", string rest = "")
    {
        var ci = world.Client();
        var (key, certificate) = ci.NewKeyPair("ci");
        await ci.ImportAsync(key, "ci");
        var role = $"{{name: targets/releases, signers: [{{certificate: {TrustWorld.Certificate(certificate)}}}]}}";
        await world.DeclareAsync(role, rest, root: root);
        return (ci, role);
    }
}
