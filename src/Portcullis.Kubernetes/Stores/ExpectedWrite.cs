namespace Portcullis.Kubernetes.Stores;

/// <summary>One write under way. Disposed without an answer, it is doubted.</summary>
public sealed class ExpectedWrite<TValue> : IDisposable
{
    private readonly Expectations<TValue> _owner;

    internal ExpectedWrite(Expectations<TValue> owner, ObjectKey key, string? upon)
    {
        _owner = owner;
        Key = key;
        Upon = upon;
    }

    public ObjectKey Key { get; }

    /// <summary>What the store showed when it was begun; null for nothing.</summary>
    internal string? Upon { get; }

    /// <summary>The version that counted when it was begun: that of an earlier write, else the store's; null for none. Guarded by the owner's lock.</summary>
    internal string? After { get; set; }

    /// <summary>What the watch showed since, but for what earlier writes of ours made. Guarded by the owner's lock.</summary>
    internal List<Sighting> Seen { get; } = [];

    /// <summary>Everything was listed since. Guarded by the owner's lock.</summary>
    internal bool IsMissed { get; set; }

    /// <summary>
    /// The server answered with the object at this version. False when the watch showed something else meanwhile, or may have left something
    /// out: nobody has looked at that, and the caller must.
    /// </summary>
    public bool Answered(string? version, TValue value) => _owner.End(this, version, value);

    /// <summary>The server answered that the object is gone. False as for <see cref="Answered"/>.</summary>
    public bool Deleted() => _owner.End(this, null, default);

    public void Dispose() => _owner.Lose(this);
}

/// <summary>One change of an object as the watch, or a list, shows it.</summary>
/// <param name="Version">The version that it made; null when only a list shows that the object is gone.</param>
/// <param name="IsDeletion">The object is gone.</param>
/// <param name="IsListed">A list shows it: changes before it may have been left out.</param>
internal readonly record struct Sighting(string? Version, bool IsDeletion, bool IsListed);
