using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portcullis.Kubernetes.Client;

/// <summary>The verbs for a kind that has a C# type. Writes are server-side apply or patches only: a typed record never replaces an object, since it does not know every field.</summary>
public sealed class ResourceClient<T>(IKubernetesClient client)
    where T : class, IResource<T>
{
    public async Task<T?> GetAsync(ObjectKey key, CancellationToken cancellationToken) =>
        await client.GetAsync(T.Definition, key, cancellationToken) is { } found ? Read(found) : null;

    public async IAsyncEnumerable<T> ListAsync(ListOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in client.ListAsync(T.Definition, options, cancellationToken))
        {
            yield return Read(item);
        }
    }

    /// <summary>Server-side apply of the fields that are set. Leave the status out.</summary>
    public async Task<T> ApplyAsync(T resource, WriteOptions options, CancellationToken cancellationToken) =>
        Read(await client.ApplyAsync(T.Definition, Write(resource, "status"), options, cancellationToken));

    /// <summary>Server-side apply of the status alone: for statuses that no controller loop writes (a node's report).</summary>
    public async Task<T> ApplyStatusAsync(T resource, WriteOptions options, CancellationToken cancellationToken) =>
        Read(await client.ApplyStatusAsync(T.Definition, Write(resource, "spec"), options, cancellationToken));

    public Task<bool> DeleteAsync(ObjectKey key, DeleteOptions options, CancellationToken cancellationToken) =>
        client.DeleteAsync(T.Definition, key, options, cancellationToken);

    private static T Read(JsonObject value) =>
        value.Deserialize(T.JsonType) ?? throw new JsonException($"An object of kind {T.Definition.Kind} is null.");

    private static JsonObject Write(T resource, string without)
    {
        var body = (JsonObject)JsonSerializer.SerializeToNode(resource, T.JsonType)!;
        body["apiVersion"] = T.Definition.ApiVersion;
        body["kind"] = T.Definition.Kind;
        body.Remove(without);
        (body["metadata"] as JsonObject)?.Remove("managedFields");
        return body;
    }
}
