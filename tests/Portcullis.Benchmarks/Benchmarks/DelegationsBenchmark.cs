using System.Text.Json.Nodes;
using Portcullis.Benchmarks.Measuring;
using Portcullis.Benchmarks.Programs;
using Portcullis.Clients.Notary;
using Portcullis.Core;
using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;
using Portcullis.Core.Trust;
using Portcullis.Core.Trust.Tuf;
using Portcullis.Kubernetes.Client;
using Portcullis.Testing;
using Portcullis.Testing.Notaries;
using Portcullis.Trust.Keys;

namespace Portcullis.Benchmarks.Benchmarks;

/// <summary>
/// Trust data of a repository with 50 delegations, from the commit until a real notary-server serves it; against the notary client that makes the same:
/// init, the snapshot key to the server, 50 times delegation add, publish. Each round is another repository.
/// </summary>
internal static class DelegationsBenchmark
{
    private const string Name = "delegations: 50 delegations from a commit to the server's acceptance vs the notary client";
    private const string Host = "dtr.example.com";
    private const int Delegations = 50;
    private const int Rounds = 5;

    private static readonly WriteOptions Write = new("benchmark");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(3);

    public static async Task<IReadOnlyList<Bar>> RunAsync()
    {
        if (NotaryServer.Missing is { } missing)
        {
            return [Bar.Missing(Name, missing)];
        }

        await using var server = await NotaryServer.StartAsync();
        using var client = new NotaryClientProgram(server.Address);
        var certificates = Enumerable.Range(0, Delegations).Select(i => client.NewKeyPair(Sample.Name("signer", i)).Certificate).ToList();
        await using var bench = await Bench.StartAsync();
        await using var program = await bench.StartFollowingAsync();
        await PrepareAsync(bench, server);

        Samples ours = new(), theirs = new();
        for (var round = 0; round < Rounds; round++)
        {
            var repository = $"shop/{Sample.Name("ours", round)}";
            bench.Git.Write(FormattableString.Invariant($"trust-{round}.json"), Declaration(round, repository, certificates).ToJsonString());
            ours.Add(await bench.TimeFromRefAsync(() => AcceptedAsync(server.Client(), $"{Host}/{repository}")));
            theirs.Add(await BenchmarkRun.TimeAsync(() => ByHandAsync(client, $"{Host}/shop/{Sample.Name("theirs", round)}", certificates)));
        }

        return [Bar.AtLeastOf(Name, theirs.Median / ours.Median, 10, "x", $"ours {ours.Text()}, notary {theirs.Text()}")];
    }

    /// <summary>The keys, the registry and the repositories.</summary>
    private static async Task PrepareAsync(Bench bench, NotaryServer server)
    {
        foreach (var name in new[] { "root", "targets" })
        {
            using var key = TrustSigningKey.Create();
            await bench.Client.ApplyAsync(ClusterKinds.Secret, Secret(name, NotaryKeyFile.Write(key, "a passphrase", name, null)), Write, CancellationToken.None);
        }

        bench.Git.Write("registry.json", Object(Registry.Definition, "dtr", new JsonObject
        {
            ["host"] = Host,
            ["upstream"] = new JsonObject { ["url"] = "http://127.0.0.1:1" },
            ["notary"] = new JsonObject { ["url"] = server.Address.AbsoluteUri },
        }).ToJsonString());
        for (var round = 0; round < Rounds; round++)
        {
            var name = Sample.Name("ours", round);
            bench.Git.Write($"{name}.json", Object(Repository.Definition, name, new JsonObject { ["registry"] = "dtr", ["name"] = $"shop/{name}" }).ToJsonString());
        }

        var commit = bench.Git.Commit();
        bench.Push(commit);
        await bench.AppliedAsync(commit);
    }

    private static JsonObject Declaration(int round, string repository, IReadOnlyList<string> certificates) => Object(TrustDelegation.Definition, Sample.Name("trust", round), new JsonObject
    {
        ["registry"] = "dtr",
        ["repositories"] = new JsonArray(repository),
        ["root"] = new JsonObject { ["keySecretRef"] = new JsonObject { ["name"] = "root" } },
        ["targets"] = new JsonObject { ["keySecretRef"] = new JsonObject { ["name"] = "targets" } },
        ["roles"] = new JsonArray([.. certificates.Select((c, i) => (JsonNode)new JsonObject
        {
            ["name"] = $"targets/{Sample.Name("signer", i)}",
            ["signers"] = new JsonArray(new JsonObject { ["certificate"] = File.ReadAllText(c) }),
        })]),
    });

    /// <summary>Asked for often, so that the waiting itself is no part of the time.</summary>
    private static async Task AcceptedAsync(NotaryClient server, string gun)
    {
        var comes = await Eventually.ComesAsync(
            async () => await server.GetAsync(gun, MetadataName.Latest(RoleNames.Targets), RoleLimits.TargetsLength, CancellationToken.None) is { } targets
                && RoleReader.Targets(RoleNames.Targets, Envelope.Read(targets).Signed.Span).Delegations.Count == Delegations,
            Patience,
            Pause);
        if (!comes)
        {
            throw new TimeoutException($"{gun} has no {Delegations} delegations after {Patience}");
        }
    }

    private static async Task ByHandAsync(NotaryClientProgram client, string gun, List<string> certificates)
    {
        (await client.RunAsync("init", gun)).Succeeded();
        (await client.RunAsync("publish", gun)).Succeeded();
        (await client.RunAsync("key", "rotate", gun, "snapshot", "-r")).Succeeded();
        for (var i = 0; i < certificates.Count; i++)
        {
            (await client.RunAsync("delegation", "add", gun, $"targets/{Sample.Name("signer", i)}", certificates[i], "--all-paths")).Succeeded();
        }

        (await client.RunAsync("publish", gun)).Succeeded();
    }

    private static JsonObject Object(ApiResource kind, string name, JsonObject spec) =>
        new() { ["apiVersion"] = kind.ApiVersion, ["kind"] = kind.Kind, ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = spec };

    private static JsonObject Secret(string name, string key) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Secret",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = WellKnown.TrustNamespace, ["labels"] = new JsonObject { [WellKnown.Labels.AllowedSource] = Bench.Source } },
        ["stringData"] = new JsonObject { ["key"] = key, ["passphrase"] = "a passphrase" },
    };
}
