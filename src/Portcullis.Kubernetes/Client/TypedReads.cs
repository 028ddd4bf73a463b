using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Portcullis.Kubernetes.Client;

/// <summary>Reads of kinds that have a C# type. Nothing is written this way: a typed record does not know every field of an object.</summary>
public static class TypedReads
{
    public static async IAsyncEnumerable<T> ListAsync<T>(
        this KubernetesClient client, ListOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class, IResource<T>
    {
        await foreach (var item in client.ListAsync(T.Definition, options, cancellationToken))
        {
            yield return item.Deserialize(T.JsonType) ?? throw new JsonException($"An object of kind {T.Definition.Kind} is null.");
        }
    }
}
