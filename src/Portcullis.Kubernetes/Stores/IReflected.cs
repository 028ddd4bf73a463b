namespace Portcullis.Kubernetes.Stores;

/// <summary>What a reflector fills: a store seen from the watch's side. Objects come as JSON bytes.</summary>
internal interface IReflected
{
    /// <summary>Adds or replaces one object and returns its key.</summary>
    /// <exception cref="System.Text.Json.JsonException">The object does not fit its type; what was kept of it stays.</exception>
    ObjectKey Put(ReadOnlySpan<byte> utf8, bool initial);

    /// <summary>No version when only a list shows that it is gone.</summary>
    void Remove(ObjectKey key, string? version, bool initial);

    IReadOnlyList<ObjectKey> Keys();

    void MarkSynced();
}
