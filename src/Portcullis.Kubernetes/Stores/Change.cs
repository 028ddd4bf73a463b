namespace Portcullis.Kubernetes.Stores;

/// <summary>One change of one object. The states before and after are decoded only when an observer reads them.</summary>
public sealed class Change<T>
    where T : class
{
    private readonly Func<T?> _before;
    private readonly Func<T?> _after;

    /// <summary>The functions are called when the states are first read.</summary>
    public Change(ObjectKey key, string? version, Func<T?> before, Func<T?> after, bool initial, bool isDeletion = false)
    {
        Key = key;
        Version = version;
        Initial = initial;
        IsDeletion = isDeletion;
        _before = before;
        _after = after;
    }

    public ObjectKey Key { get; }

    /// <summary>The resourceVersion that the change, or the deletion, made; null when only a list shows that the object is gone.</summary>
    public string? Version { get; }

    /// <summary>The object is gone.</summary>
    public bool IsDeletion { get; }

    /// <summary>A list found it (start or resync), so that nobody saw it happen.</summary>
    public bool Initial { get; }

    /// <summary>Null for a new one.</summary>
    public T? Before => field ??= _before();

    /// <summary>Null for a deleted one.</summary>
    public T? After => field ??= _after();

    /// <summary>The same change, read as something else.</summary>
    internal Change<TOther> As<TOther>(Func<T, TOther> read)
        where TOther : class =>
        new(Key, Version, () => Before is { } before ? read(before) : null, () => After is { } after ? read(after) : null, Initial, IsDeletion);
}
