using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Portcullis.Objects.Json;

namespace Portcullis.Objects;

/// <summary>What every Kubernetes object carries (meta/v1 ObjectMeta), as far as this program reads or writes it.</summary>
public sealed record ObjectMeta
{
    public string? Name { get; init; }

    public string? GenerateName { get; init; }

    public string? Namespace { get; init; }

    public string? Uid { get; init; }

    /// <summary>Opaque; compared for equality only.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>Counts changes of the spec; what <c>status.observedGeneration</c> is compared with.</summary>
    public long? Generation { get; init; }

    public DateTimeOffset? CreationTimestamp { get; init; }

    public DateTimeOffset? DeletionTimestamp { get; init; }

    [JsonConverter(typeof(CompactMapConverter))]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    [JsonConverter(typeof(CompactMapConverter))]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public IReadOnlyList<string>? Finalizers { get; init; }

    public IReadOnlyList<OwnerReference>? OwnerReferences { get; init; }

    /// <summary>Who owns which fields; kept as data, since only "who changed this last, and when" is ever read from it.</summary>
    public JsonArray? ManagedFields { get; init; }

    [JsonIgnore]
    public ObjectKey Key => new(Namespace ?? "", Name ?? "");

    [JsonIgnore]
    public bool IsBeingDeleted => DeletionTimestamp is not null;

    public string? Annotation(string name) => Annotations is not null && Annotations.TryGetValue(name, out var value) ? value : null;

    public string? Label(string name) => Labels is not null && Labels.TryGetValue(name, out var value) ? value : null;
}

/// <summary>Ties an object's life to another's (meta/v1 OwnerReference).</summary>
public sealed record OwnerReference(string ApiVersion, string Kind, string Name, string Uid)
{
    public bool? Controller { get; init; }

    public bool? BlockOwnerDeletion { get; init; }
}
