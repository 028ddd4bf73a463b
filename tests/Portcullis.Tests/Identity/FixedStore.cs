using Portcullis.Kubernetes.Stores;
using Portcullis.Objects;

namespace Portcullis.Tests.Identity;

/// <summary>A store that holds what a test puts in.</summary>
internal sealed class FixedStore<T> : IStore<T>
    where T : class, IResource<T>
{
    private IReadOnlyList<T> _objects = [];

    public bool IsSynced => true;

    public void Set(params T[] objects) => _objects = [.. objects];

    public Task WaitUntilSyncedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public T? Get(ObjectKey key) => _objects.FirstOrDefault(o => o.Metadata.Key == key);

    public IReadOnlyList<T> List() => _objects;

    public IReadOnlyList<T> Find(string index, string value) => throw new NotSupportedException();

    public IDisposable Subscribe(Action<Change<T>> observer) => throw new NotSupportedException();

    public IDisposable WhenListed(Action react) => throw new NotSupportedException();
}
