using System.Text.Json.Nodes;
using Portcullis.Benchmarks.Measuring;
using Portcullis.Benchmarks.Programs;
using Portcullis.Core;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Core.Organizations;
using Portcullis.Kubernetes.Client;
using Portcullis.Testing;

namespace Portcullis.Benchmarks.Benchmarks;

/// <summary>
/// One grant that reaches 300 namespaces, from its creation to the last RoleBinding, and from its deletion to none; against the bare writes.
/// One watch of all RoleBindings looks on at both, so that what it costs the server is no difference between them.
/// </summary>
internal static class GrantsBenchmark
{
    private const int Namespaces = 300;
    private const int Rounds = 61;
    private static readonly WriteOptions Write = new("benchmark");

    public static async Task<IReadOnlyList<Bar>> RunAsync()
    {
        await using var bench = await Bench.StartAsync();
        var names = Enumerable.Range(0, Namespaces).Select(i => Sample.Name("team", i)).ToList();
        await bench.Client.ApplyAsync(Organization.Definition, Sample.Organization("acme", 5), Write, CancellationToken.None);
        await bench.Client.ApplyAsync(Collection.Definition, Sample.Collection("teams", "/teams", names), Write, CancellationToken.None);
        await using var program = bench.StartTryingOperator();
        await using var namespaces = await Watcher.StartAsync(bench.Client, ClusterKinds.Namespace);
        await namespaces.UntilAsync(present => present.Count >= Namespaces && names.All(present.Contains));
        await using var bindings = await Watcher.StartAsync(bench.Client, ClusterKinds.RoleBinding);

        Samples given = new(), taken = new(), rawGiven = new(), rawTaken = new();
        for (var round = 0; round < Rounds; round++)
        {
            given.Add(await BenchmarkRun.TimeAsync(async () =>
            {
                await bench.Client.ApplyAsync(Grant.Definition, Sample.Grant("wide", "Team", "acme/all", "ViewOnly", "/teams"), Write, CancellationToken.None);
                await bindings.UntilAsync(present => present.Count == Namespaces);
            }));
            taken.Add(await BenchmarkRun.TimeAsync(async () =>
            {
                await bench.Client.DeleteAsync(Grant.Definition, ObjectKey.Cluster("wide"), new DeleteOptions(), CancellationToken.None);
                await bindings.UntilAsync(present => present.Count == 0);
            }));

            // What is still being deleted would take the next round's grant along.
            await Eventually.HoldsAsync(async () => await bench.Client.GetAsync(Grant.Definition, ObjectKey.Cluster("wide"), CancellationToken.None) is null);
            var raw = names.Select(Binding).ToList();
            rawGiven.Add(await BenchmarkRun.TimeAsync(() => RawLoop.ApplyAsync(bench.Client, ClusterKinds.RoleBinding, raw)));
            await bindings.UntilAsync(present => present.Count == Namespaces);
            rawTaken.Add(await BenchmarkRun.TimeAsync(
                () => RawLoop.DeleteAsync(bench.Client, ClusterKinds.RoleBinding, names.Select(n => new ObjectKey(n, "raw")))));
            await bindings.UntilAsync(present => present.Count == 0);
        }

        return
        [
            Bar.AtMost("grants: given vs raw loop", given.Median / rawGiven.Median, 1.2, "x", $"ours {given.Text()}, raw loop {rawGiven.Text()}"),
            Bar.AtMost("grants: revoked vs raw loop", taken.Median / rawTaken.Median, 1.2, "x", $"ours {taken.Text()}, raw loop {rawTaken.Text()}"),
        ];
    }

    /// <summary>As large as ours, without our label.</summary>
    private static JsonObject Binding(string @namespace) => new()
    {
        ["apiVersion"] = "rbac.authorization.k8s.io/v1",
        ["kind"] = "RoleBinding",
        ["metadata"] = new JsonObject { ["name"] = "raw", ["namespace"] = @namespace },
        ["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "ClusterRole", ["name"] = "raw" },
        ["subjects"] = new JsonArray([.. Enumerable.Range(0, 5).Select(i => (JsonNode)new JsonObject
        {
            ["apiGroup"] = "rbac.authorization.k8s.io",
            ["kind"] = "User",
            ["name"] = Sample.Name("user", i),
        })]),
    };
}
