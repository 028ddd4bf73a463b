using System.Text.Json.Nodes;
using Portcullis.Agent.Files;
using Portcullis.Core;
using Portcullis.Core.Hardening;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Tests.Soaks;

namespace Portcullis.Tests.Hardening.Soak;

/// <summary>Random deeds of those who declare, of administrators at the node, and of bad luck.</summary>
internal sealed class NodeDeeds(SoakNode node, SoakDriver driver)
{
    private static readonly WriteOptions ByHand = new("kubectl-edit");
    private static readonly string[] Hardenings = ["h0", "h1", "h2", "h3", "h4"];

    private readonly Random _random = driver.Random;
    private readonly SoakEditor _editor = new(node);

    /// <summary>The keys that the last hand edit left, which are nobody else's.</summary>
    public JsonObject Foreign { get; private set; } = [];

    private KubernetesClient Client => node.Cluster.Client;

    /// <summary>The last word at the node: a plain file with foreign keys, and none of ours.</summary>
    public async Task EditLastAsync()
    {
        Foreign = new JsonObject(Some(SoakKeys.Foreign));
        var rename = _random.Next(2) == 0;
        await driver.DoAsync(new Deed($"last edit: {Foreign.ToJsonString()}", () => _editor.PutAsync(Foreign, rename)));
    }

    /// <summary>Everything is declared anew, without anything wrong in it.</summary>
    public async Task RectifyAsync()
    {
        foreach (var (name, i) in Hardenings.Select((n, i) => (n, i)))
        {
            if (i >= SoakKeys.Homes.Count || _random.Next(5) == 0)
            {
                await driver.DoAsync(new Deed($"delete {name}", () => DeleteAsync(name)));
                continue;
            }

            var keys = new JsonObject(Some(SoakKeys.Homes[i]));
            var yaml = Yaml(name, keys, Any(["", ", nodeSelector: {tier: a}"]), Any(["Never", "WhenIdle", "Always"]), Any(["", "", "", ", suspend: true", ", mode: Audit"]));
            await driver.DoAsync(new Deed(yaml, () => node.Cluster.ApplyAsync(yaml)));
        }
    }

    public async Task DeleteAllAsync()
    {
        foreach (var name in Hardenings)
        {
            await driver.DoAsync(new Deed($"delete {name}", () => DeleteAsync(name)));
        }
    }

    public Deed Choose()
    {
        var name = Any(Hardenings);
        switch (_random.Next(100))
        {
            case < 32:
                var yaml = RandomHardening(name);
                return new Deed(yaml, () => node.Cluster.ApplyAsync(yaml));
            case < 37:
                return new Deed($"delete {name}", () => DeleteAsync(name));
            case < 39:
                var again = RandomHardening(name);
                return new Deed($"by force delete, at once {again}", () => RecreateAsync(name, again));
            case < 42:
                var tier = Any(["a", "b"]);
                return new Deed($"label the node tier={tier}", () => PatchAsync(ClusterKinds.Node, SoakNode.Name, "labels", "tier", tier));
            case < 45:
                var stamp = $"{_random.Next()}";
                return new Deed($"reconcile {name} now", () => PatchAsync(NodeHardening.Definition, name, "annotations", WellKnown.Annotations.RequestedAt, stamp));
            case < 47:
                return new Deed("delete the NodeReport", () => Client.DeleteAsync(NodeReport.Definition, ObjectKey.Cluster(SoakNode.Name), new DeleteOptions(), default));
            case < 49:
                return new Deed("a permission by hand", () => PatchAsync(NodeReport.Definition, SoakNode.Name, "annotations", RolloutGate.Annotation, "0123456789abcdef"));
            case < 72:
                return _editor.Choose(_random);
            case < 79:
                var half = _random.Next(2) == 0;
                return new Deed("restart the agent", () => node.RestartAgentAsync(() => Halve(half)));
            case < 82:
                return new Deed("restart the operator", node.RestartOperatorAsync);
            case < 84:
                return new Deed("restart the engine", () => node.Process.RestartAsync(default));
            case < 88:
                return new Deed("kill the engine", node.Process.KillAsync);
            case < 90:
                return new Deed("stop the engine, and start it", async () =>
                {
                    await node.Process.StopAsync();
                    await node.Process.StartAsync(default);
                });
            case < 95:
                return new Deed("SIGHUP by hand", node.Process.ReloadAsync);
            default:
                return new Deed("cut watches", () =>
                {
                    node.Requests.CutOpen(r => r.IsWatch);
                    return Task.CompletedTask;
                });
        }
    }

    /// <summary>As a kill in the middle of a write leaves its folders.</summary>
    private void Halve(bool half)
    {
        if (half)
        {
            File.WriteAllText($"{Path.GetDirectoryName(node.Engine.DaemonJson)}/.daemon.json{AtomicFile.TemporarySuffix}", "{\"deb");
            File.WriteAllText($"{node.StateFolder}/.state.json{AtomicFile.TemporarySuffix}", "{\"own");
        }
    }

    private string RandomHardening(string name)
    {
        var home = SoakKeys.Homes.ElementAtOrDefault(name[1] - '0') ?? SoakKeys.Pool;
        var keys = home == SoakKeys.Pool ? new JsonObject(Some(home).Take(2)) : new JsonObject(Some(home));
        switch (_random.Next(20))
        {
            case 0 or 1:
                var (key, value) = Any(SoakKeys.Invalid);
                keys[key] = JsonNode.Parse(value);
                break;
            case 2:
                keys[SoakKeys.Stopper.Key] = JsonNode.Parse(SoakKeys.Stopper.Value);
                break;
        }

        var selector = Any(["", "", ", nodeSelector: {tier: a}", ", nodeSelector: {tier: b}", ", nodeSelector: {tier: z}"]);
        return Yaml(name, keys, selector, Any(["Never", "WhenIdle", "Always", "Always"]), Any(["", "", "", "", "", ", suspend: true", ", mode: Audit"]));
    }

    private static string Yaml(string name, JsonObject keys, string selector, string policy, string more) =>
        $"{{apiVersion: portcullis.dev/v1alpha1, kind: NodeHardening, metadata: {{name: {name}}}, spec: {{daemonJSON: {keys.ToJsonString()}, restartPolicy: {policy}{selector}{more}}}}}";

    private async Task RecreateAsync(string name, string yaml)
    {
        await DeleteAsync(name);
        await Client.MergePatchAsync(
            NodeHardening.Definition, ObjectKey.Cluster(name), new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } }, ByHand, default);
        await node.Cluster.ApplyAsync(yaml);
    }

    private Task<bool> DeleteAsync(string name) => Client.DeleteAsync(NodeHardening.Definition, ObjectKey.Cluster(name), new DeleteOptions(), default);

    private Task<JsonObject> PatchAsync(ApiResource resource, string name, string part, string key, string value) => Client.MergePatchAsync(
        resource, ObjectKey.Cluster(name), new JsonObject { ["metadata"] = new JsonObject { [part] = new JsonObject { [key] = value } } }, ByHand, default);

    private T Any<T>(IReadOnlyList<T> all) => all[_random.Next(all.Count)];

    private List<KeyValuePair<string, JsonNode?>> Some(IReadOnlyDictionary<string, string[]> pool) =>
        [.. pool.OrderBy(_ => _random.Next()).Where((_, i) => i == 0 || _random.Next(2) == 0).Select(p => KeyValuePair.Create(p.Key, JsonNode.Parse(Any(p.Value))))];
}
