using System.ComponentModel;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Portcullis.Objects;

/// <summary>A kind that a typed client can read: it names its place in the API and its JSON shape without reflection.</summary>
public interface IResource<TSelf>
    where TSelf : class, IResource<TSelf>
{
    static abstract ApiResource Definition { get; }

    static abstract JsonTypeInfo<TSelf> JsonType { get; }

    ObjectMeta Metadata { get; }
}

/// <summary>
/// A custom resource: what is asked (<see cref="Spec"/>) and what was reported (<see cref="Status"/>).
/// Records compare their lists by reference, so never compare specs with <c>==</c>: compare generations or canonical JSON.
/// </summary>
public abstract record Resource<TSpec, TStatus> : IControlled<TStatus>
    where TSpec : class
    where TStatus : ResourceStatus
{
    [JsonPropertyOrder(-4)]
    public string? ApiVersion { get; init; }

    [JsonPropertyOrder(-3)]
    public string? Kind { get; init; }

    [JsonPropertyOrder(-2)]
    public required ObjectMeta Metadata { get; init; }

    public required TSpec Spec { get; init; }

    [JsonPropertyOrder(1)]
    public TStatus? Status { get; init; }

    [JsonIgnore]
    public ObjectKey Key => Metadata.Key;

    [JsonIgnore]
    public bool IsSuspended => Spec is ISuspendable { Suspend: true };
}

/// <summary>What the controller loop reads of any kind besides its metadata.</summary>
public interface IControlled<out TStatus>
    where TStatus : ResourceStatus
{
    TStatus? Status { get; }

    bool IsSuspended { get; }
}

/// <summary>What the controller loop writes into every status; kinds derive from it and add their own fields.</summary>
public abstract record ResourceStatus
{
    /// <summary>The last generation that reached Ready or Stalled.</summary>
    [JsonPropertyOrder(-3)]
    [Description("The generation that the conditions are about.")]
    public long? ObservedGeneration { get; init; }

    /// <summary>The value of the last <c>requestedAt</c> annotation acted upon.</summary>
    [JsonPropertyOrder(-2)]
    [Description("The last value of the annotation portcullis.dev/requestedAt that was handled.")]
    public string? LastHandledReconcileAt { get; init; }

    [JsonPropertyOrder(-1)]
    [Description("Ready, and Reconciling or Stalled while it is not; others of the kind.")]
    public IReadOnlyList<Condition>? Conditions { get; init; }
}

/// <summary>What is written besides into the status of kinds that Git declares.</summary>
public abstract record DeclarableStatus : ResourceStatus
{
    /// <summary>Null: nothing of it is acted upon.</summary>
    [Description("Which content of the object Git declares. Nothing else of it is acted upon.")]
    [JsonPropertyOrder(-4)]
    public Declaration? Declared { get; init; }
}

/// <summary>The confirmation of a source that an object, at this generation, is what a commit declares.</summary>
public sealed record Declaration
{
    [Description("The generation that was confirmed. An object of another generation was edited since.")]
    public required long Generation { get; init; }

    [Description("The commit that last changed the object.")]
    public string? Commit { get; init; }

    [Description("The source that declares the object.")]
    public required string Source { get; init; }
}

/// <summary>Implemented by specs whose reconciliation can be paused: no new work and no drift correction while true.</summary>
public interface ISuspendable
{
    bool? Suspend { get; }
}
