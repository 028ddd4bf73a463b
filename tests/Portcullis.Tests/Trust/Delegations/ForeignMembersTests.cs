using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Portcullis.Clients.Notary;
using Portcullis.Core.Registries;
using Portcullis.Core.Trust;
using Portcullis.Core.Trust.Tuf;
using Portcullis.Kubernetes.Stores;
using Portcullis.Registries;
using Portcullis.Trust.Delegations;
using Portcullis.Trust.Keys;

namespace Portcullis.Tests.Trust.Delegations;

/// <summary>Members of metadata that another program wrote: a real notary-server forgets them when it signs the snapshot, and nobody could read what has them.</summary>
internal sealed class ForeignMembersTests
{
    private const string Role = "{name: targets/releases, signers: [{user: acme/ann}]}";
    private const string SignedByOperator = "snapshot: Operator\n  snapshotKeySecretRef: {name: snapshot-key}";

    [Test]
    public async Task They_stay_while_the_operator_signs_snapshots_and_are_dropped_and_named_when_the_server_does()
    {
        await using var world = await TrustWorld.StartAsync();
        using var snapshot = TrustSigningKey.Create();
        await DeclareAsync(world, snapshot);
        var server = (await world.Services.GetRequiredService<RegistryConnections>().ConnectNotaryAsync(world.Services.GetRequiredService<IStore<Registry>>().List().Single(), default))!.Notary;
        await PublishNoteAsync(world, server, snapshot);
        Assert.That(await TargetsAsync(server), Does.Contain("\"note\":\"by hand\""));

        await world.DeclareAsync($"{Role}, {Role.Replace("releases", "ci", StringComparison.Ordinal)}", SignedByOperator);
        await world.UntilPublishedAsync(s => s.RoleCount == 2);
        Assert.That(await TargetsAsync(server), Does.Contain("\"note\":\"by hand\"").And.Contain("targets/ci"));
        Assert.That(await world.EventsAsync(), Has.None.Contains("note"));

        await world.DeclareAsync($"{Role}, {Role.Replace("releases", "web", StringComparison.Ordinal)}", "undeclared: Prune");
        await world.UntilPublishedAsync(s => s.Versions!.StartsWith("2/4/", StringComparison.Ordinal));
        Assert.That(await TargetsAsync(server), Does.Not.Contain("note").And.Contain("targets/web"));
        Assert.That(await world.EventsAsync(), Has.Some.EndsWith("its server does not keep them: targets: note"));
        Assert.That((await world.Client().RunAsync("delegation", "list", TrustWorld.Gun)).Succeeded(), Does.Contain("targets/web"));
    }

    private static async Task DeclareAsync(TrustWorld world, TrustSigningKey snapshot)
    {
        using var ann = TrustSigningKey.Create();
        await world.KeyAsync("snapshot-key", snapshot, "snapshot");
        await world.Cluster.ApplyAsync($$"""
            apiVersion: portcullis.dev/v1alpha1
            kind: Organization
            metadata: {name: acme}
            spec: {users: [{name: ann, publicKeys: [{{NotaryKeys.PublicText(ann)}}]}]}
            """);
        await world.DeclareAsync(Role, SignedByOperator);
        await world.UntilPublishedAsync();
    }

    /// <summary>Publishes targets with a member that is not Notary's.</summary>
    private static async Task PublishNoteAsync(TrustWorld world, NotaryClient server, TrustSigningKey snapshot)
    {
        var anchor = new TrustAnchor(TrustWorld.Gun, [world.Root.PublicKey.CanonicalId]);
        var set = (await new SigningReader(TimeProvider.System).ReadAsync(server, anchor, asksForKeys: false, default)).Set!;
        var targets = set.Targets!.Content with { Version = 2, Unknown = [new UnknownMember("note", "\"by hand\""u8.ToArray())] };
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal) { ["targets"] = File(targets, world.Targets) };
        files["snapshot"] = File(TrustContents.Of(new SnapshotChange(2, targets.Expires, snapshot.PublicKey), set.Snapshot!.Content, files), snapshot);
        await server.PublishAsync(TrustWorld.Gun, files.ToDictionary(f => f.Key, f => (ReadOnlyMemory<byte>)f.Value, StringComparer.Ordinal), default);
    }

    private static byte[] File(RoleContent content, TrustSigningKey key)
    {
        var signed = content.ToSignedBytes();
        return SignedFile.Of(signed, [new TufSignature(key.PublicKey.Id, key.Method, key.Sign(signed))]);
    }

    private static async Task<string> TargetsAsync(NotaryClient server) => Encoding.UTF8.GetString((await server.GetAsync(TrustWorld.Gun, MetadataName.Latest("targets"), RoleLimits.TargetsLength, default))!);
}
