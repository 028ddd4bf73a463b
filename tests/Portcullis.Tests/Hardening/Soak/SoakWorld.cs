using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.Clients.Engine;
using Portcullis.Core;
using Portcullis.Core.Hardening;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Objects.Json;

namespace Portcullis.Tests.Hardening.Soak;

/// <summary>Everything as it is at one moment, asked of those who must know: API server, disk, engine.</summary>
internal sealed record SoakWorld
{
    public required IReadOnlyList<JsonObject> Hardenings { get; init; }

    public required JsonObject? Report { get; init; }

    public required string Tier { get; init; }

    /// <summary>Null when it is no JSON object.</summary>
    public required JsonObject? File { get; init; }

    public required string FileHash { get; init; }

    /// <summary>When daemon.json and the agent's own state were last written.</summary>
    public required string Written { get; init; }

    /// <summary>Null when the engine does not answer.</summary>
    public required JsonObject? Info { get; init; }

    /// <summary>What the last reload of this engine process took over; null when there was none.</summary>
    public required JsonObject? Reload { get; init; }

    public required int Reloads { get; init; }

    public required int? Pid { get; init; }

    public required JsonObject State { get; init; }

    /// <summary>What lies beside daemon.json and in the agent's folder and should not.</summary>
    public required IReadOnlyList<string> Leftovers { get; init; }

    public static async Task<SoakWorld> TakeAsync(SoakNode node)
    {
        var hardenings = new List<JsonObject>();
        await foreach (var one in node.Cluster.Client.ListAsync(NodeHardening.Definition, new ListOptions(), CancellationToken.None))
        {
            hardenings.Add(one);
        }

        var machine = await node.Cluster.Client.GetAsync(ClusterKinds.Node, ObjectKey.Cluster(SoakNode.Name), CancellationToken.None);
        var path = node.Engine.DaemonJson;
        var bytes = System.IO.File.Exists(path) ? await System.IO.File.ReadAllBytesAsync(path) : [];
        var (info, reload, reloads) = await EngineAsync(node);
        var state = Path.Combine(node.StateFolder, "state.json");
        return new SoakWorld
        {
            Hardenings = hardenings,
            Report = await node.Cluster.Client.GetAsync(NodeReport.Definition, ObjectKey.Cluster(SoakNode.Name), CancellationToken.None),
            Tier = machine.Object("metadata").Object("labels").String("tier") ?? "",
            File = Parse(bytes),
            FileHash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)),
            Written = string.Join(", ", Directory.GetFiles(node.StateFolder).Append(path).Order(StringComparer.Ordinal)
                .Select(f => $"{Path.GetFileName(f)} {System.IO.File.GetLastWriteTimeUtc(f):HH:mm:ss.fffffff}")),
            Info = info,
            Reload = reload,
            Reloads = reloads,
            Pid = System.IO.File.Exists(node.Engine.PidFile) && int.TryParse(await System.IO.File.ReadAllTextAsync(node.Engine.PidFile), CultureInfo.InvariantCulture, out var pid) ? pid : null,
            State = System.IO.File.Exists(state) ? Parse(await System.IO.File.ReadAllBytesAsync(state)) ?? [] : [],
            Leftovers = [.. Leftover(node)],
        };
    }

    private static async Task<(JsonObject? Info, JsonObject? Reload, int Reloads)> EngineAsync(SoakNode node)
    {
        try
        {
            var info = await node.Engine.Client.GetInfoAsync(CancellationToken.None);
            var (reload, count) = await node.ReloadsAsync();
            return (info.Raw, reload, count);
        }
        catch (Exception e) when (e is EngineException or HttpRequestException or IOException)
        {
            return (null, null, 0);
        }
    }

    private static IEnumerable<string> Leftover(SoakNode node)
    {
        var kept = (string[])["state.json", "daemon.json.previous"];
        var copies = Directory.GetFileSystemEntries(node.StateFolder).Select(e => Path.GetFileName(e)).Except(kept).ToList();
        return Directory.GetFileSystemEntries(Path.GetDirectoryName(node.Engine.DaemonJson)!).Where(e => e != node.Engine.DaemonJson)
            .Concat(copies.Where(c => !c.StartsWith("daemon.json.broken-", StringComparison.Ordinal) && !c.StartsWith("daemon.json.refused-", StringComparison.Ordinal)))
            .Concat(copies.GroupBy(c => c.Split('-')[0]).Where(g => g.Count() > 5).Select(g => $"{g.Count()} of {g.Key}"));
    }

    private static JsonObject? Parse(byte[] bytes)
    {
        try
        {
            return JsonNode.Parse(bytes) as JsonObject;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }
}
