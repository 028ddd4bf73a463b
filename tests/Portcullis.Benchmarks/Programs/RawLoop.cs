using System.Text.Json.Nodes;
using Portcullis.Kubernetes.Client;

namespace Portcullis.Benchmarks.Programs;

/// <summary>The floor: nothing but the requests, over 8 connections.</summary>
internal static class RawLoop
{
    private static readonly ParallelOptions Eight = new() { MaxDegreeOfParallelism = 8 };

    public static Task ApplyAsync(KubernetesClient client, ApiResource resource, IEnumerable<JsonObject> objects) =>
        Parallel.ForEachAsync(objects, Eight, async (value, token) => await client.ApplyAsync(resource, value, new WriteOptions("raw-loop"), token));

    public static Task DeleteAsync(KubernetesClient client, ApiResource resource, IEnumerable<ObjectKey> keys) =>
        Parallel.ForEachAsync(keys, Eight, async (key, token) => await client.DeleteAsync(resource, key, new DeleteOptions(), token));
}
