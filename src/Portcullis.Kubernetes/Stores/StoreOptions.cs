using System.Text.Json.Nodes;

namespace Portcullis.Kubernetes.Stores;

/// <summary>What a store keeps and how it is indexed.</summary>
public sealed class StoreOptions<T>
{
    /// <summary>The object is decoded only for a function that asks for it.</summary>
    internal Dictionary<string, Func<ObjectKey, Func<T>, IEnumerable<string>>> Indexes { get; } = new(StringComparer.Ordinal);

    public string? LabelSelector { get; set; }

    /// <summary>As the API understands it (<c>metadata.name=node-1</c>): for a process that may see no more than its own objects.</summary>
    public string? FieldSelector { get; set; }

    /// <summary>Empty for all namespaces.</summary>
    public string Namespace { get; set; } = "";

    /// <summary>
    /// Keeps <c>metadata.managedFields</c>, about half of an object's bytes. Left out unless asked for: who changed a field is read
    /// live, in the rare moment it is needed.
    /// </summary>
    public bool KeepManagedFields { get; set; }

    /// <summary>Which objects are kept; null for all. An object that is not kept is not there for anybody.</summary>
    internal Func<T, bool>? Kept { get; private set; }

    /// <summary>Keeps only the objects for which the function, which must be pure, says so: for a kind of which there are many and few matter.</summary>
    public StoreOptions<T> Keep(Func<T, bool> kept)
    {
        Kept = kept;
        return this;
    }

    /// <summary>The index functions of a store that keeps its objects decoded.</summary>
    internal IReadOnlyDictionary<string, Func<ObjectKey, T, IEnumerable<string>>> ForObjects() => Indexes.ToDictionary(
        i => i.Key, i => (Func<ObjectKey, T, IEnumerable<string>>)((key, value) => i.Value(key, () => value)), StringComparer.Ordinal);

    /// <summary>Lets <see cref="IStore{T}.Find"/> answer by these values. The function must be pure.</summary>
    public StoreOptions<T> Index(string name, Func<T, IEnumerable<string>> values)
    {
        Indexes[name] = (_, value) => values(value());
        return this;
    }

    /// <summary>The same, by the object's namespace.</summary>
    public StoreOptions<T> IndexNamespace(string name = "namespace")
    {
        Indexes[name] = (key, _) => [key.Namespace];
        return this;
    }
}

/// <summary>Index functions that several parts of the program use.</summary>
public static class StoreIndexes
{
    /// <summary>Answers <c>Find(index, labelValue)</c>.</summary>
    public static StoreOptions<JsonObject> IndexLabel(this StoreOptions<JsonObject> options, string index, string label) =>
        options.Index(index, o => o["metadata"]?["labels"]?[label] is JsonValue value && value.TryGetValue(out string? text) ? [text] : []);
}
