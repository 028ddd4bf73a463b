using System.Text.Json.Nodes;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Testing;
using Portcullis.Tests.Sources;

namespace Portcullis.Tests.BadInput;

/// <summary>What every test of bad input asks of the world.</summary>
internal static class SourceExpectations
{
    /// <summary>A commit with the ConfigMap a, in force.</summary>
    public static async Task<string> GoodAsync(this SourceWorld world, string value = "1")
    {
        var commit = world.Git.Write("a.yaml", SourceWorld.ConfigMap("a", value)).Commit();
        await world.ReadyAsync(commit);
        return commit;
    }

    /// <summary>The revision before stays in force, and the condition says why.</summary>
    public static async Task<GitSource> RefusedAsync(this SourceWorld world, string good, string reason, string message, string revision = "main")
    {
        var source = await world.StatusAsync(s =>
            SourceWorld.Ready(s) is { Status: "False" } ready && ready.Reason == reason && ready.Message.Contains(message, StringComparison.Ordinal));
        Assert.That(source.Status!.InForceRevision, Is.EqualTo($"{revision}@sha1:{good}"));
        return source;
    }

    /// <summary>Is made again when it is deleted, as it was.</summary>
    public static async Task IsKeptAsync(this SourceWorld world, string name, string value = "1")
    {
        await world.Client.DeleteAsync(SourceWorld.ConfigMaps, new ObjectKey("work", name), new DeleteOptions(), default);
        await Eventually.GetsAsync(() => world.ConfigMapAsync(name), a => a.Object("data").String("key") == value);
    }

    /// <summary>Asks for a visit and waits until it was made.</summary>
    public static async Task VisitAsync(this SourceWorld world)
    {
        var now = Guid.NewGuid().ToString();
        await world.AnnotateAsync("portcullis.dev/requestedAt", now);
        await world.StatusAsync(s => s.Status!.LastHandledReconcileAt == now);
    }

    public static Task<JsonObject> AnnotateAsync(this SourceWorld world, string name, string? value) => world.Client.MergePatchAsync(
        GitSource.Definition,
        ObjectKey.Cluster(SourceWorld.Root),
        new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [name] = value } } },
        new WriteOptions("test"),
        default);
}
