using System.Collections.Concurrent;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Kubernetes.Declarations;

/// <summary>
/// The objects of a kind as they are declared: each as it was when it was last confirmed. An edited object stays what it was before the edit,
/// one that was deleted while it is declared stays, and one that nobody declares is not here. Whatever decides from objects of the kind
/// reads this store; only the loop that reports on them reads the server's.
/// </summary>
internal sealed class DeclaredStore<T> : IDeclaredStore<T>, IDeclarationGate<T>, IDisposable
    where T : class, IResource<T>
{
    private readonly TypedStore<T> _present;
    private readonly IDeclarations _declarations;
    private readonly ObjectStore<T> _declared;
    private readonly ConcurrentDictionary<ObjectKey, T> _unsettled = []; // read without the lock: other kinds' stores ask under theirs
    private readonly Dictionary<ObjectKey, DeclarationState> _states = [];
    private readonly Lock _gate = new();
    private readonly List<IDisposable> _subscriptions;
    private Action<ObjectKey>[] _observers = [];
    private Action[] _settling = [];
    private long _version;

    public DeclaredStore(TypedStore<T> present, StoreOptions<T> options, IDeclarations declarations)
    {
        _present = present;
        _declarations = declarations;
        _declared = new ObjectStore<T>(options.ForObjects());
        _subscriptions = [present.Subscribe(change => Judge(change.Key, change.Initial)), declarations.Subscribe(Changed), present.WhenListed(_declared.MarkSynced)];
        JudgeAll();
        if (present.IsSynced)
        {
            _declared.MarkSynced();
        }
    }

    public bool IsSynced => _declared.IsSynced;

    public bool IsSettled => _unsettled.IsEmpty;

    public IReadOnlyList<T> Unsettled() => [.. _unsettled.Values];

    public Task WaitUntilSyncedAsync(CancellationToken cancellationToken) => _declared.Synced.WaitAsync(cancellationToken);

    public T? Get(ObjectKey key) => _declared.Get(key);

    public IReadOnlyList<T> List() => _declared.List();

    public IReadOnlyList<T> Find(string index, string value) => _declared.Find(index, value);

    public IDisposable Subscribe(Action<Change<T>> observer) => _declared.Subscribe(observer);

    public IDisposable WhenListed(Action react) => _declared.WhenListed(react);

    /// <summary>
    /// Once it has answered, the store is not behind the answer, although the event that will say the same may still be on its way: whoever undoes
    /// what an object did decides from this store that it has no effect any more.
    /// </summary>
    public DeclarationState Of(T resource)
    {
        var state = StateNow(resource);
        Judge(resource.Metadata.Key, initial: false);
        return state;
    }

    /// <summary>What is being deleted is not as declared: it is made again by whoever declares it, or nobody does any more.</summary>
    private DeclarationState StateNow(T resource) => StateOf(resource) switch
    {
        DeclarationState.Confirmed { Declared: { } declared } when resource.Metadata.IsBeingDeleted =>
            _declarations.DeclaresMissing(T.Definition, resource.Metadata.Key) ? new DeclarationState.Edited(declared.Source) : new DeclarationState.Undeclared("it is being deleted"),
        var state => state,
    };

    public IDisposable Subscribe(Action<ObjectKey> react)
    {
        lock (_gate)
        {
            _observers = [.. _observers, react];
        }

        return new Subscription(this, () => _observers = [.. _observers.Where(o => o != react)]);
    }

    public IDisposable WhenUnsettledChange(Action react)
    {
        lock (_gate)
        {
            _settling = [.. _settling, react];
        }

        return new Subscription(this, () => _settling = [.. _settling.Where(r => r != react)]);
    }

    public Task<string> WhoChangedAsync(ObjectKey key, CancellationToken cancellationToken) => _declarations.WhoChangedAsync(T.Definition, key, cancellationToken);

    public void Dispose() => _subscriptions.ForEach(s => s.Dispose());

    private DeclarationState StateOf(T resource) => _declarations.Of(resource, (resource as IControlled<DeclarableStatus>)?.Status?.Declared);

    private void Changed(DeclarationChange change)
    {
        if (!change.Concerns(T.Definition))
        {
            return;
        }

        if (change.Key is { } key)
        {
            Judge(key, initial: false);
        }
        else
        {
            JudgeAll();
        }
    }

    private void JudgeAll()
    {
        foreach (var key in _present.Keys().Union(_declared.Keys()))
        {
            Judge(key, initial: true);
        }
    }

    /// <summary>One at a time: what is asked in here, and what observers see, has one order.</summary>
    private void Judge(ObjectKey key, bool initial)
    {
        var (isNews, isOtherwise) = (false, false);
        lock (_gate)
        {
            var (before, present, wasUnsettled) = (_declared.Get(key), _present.Get(key), _unsettled.GetValueOrDefault(key));
            T? next, unsettled = null;
            if (present is null)
            {
                _states.Remove(key);
                next = before is { Metadata.IsBeingDeleted: false } && _declarations.DeclaresMissing(T.Definition, key) ? before : null;
                if (next is null && wasUnsettled is not null && _declarations.DeclaresMissing(T.Definition, key))
                {
                    unsettled = wasUnsettled; // until it was made again nobody here knows what it says
                }
            }
            else
            {
                var state = StateNow(present);
                isNews = _states.TryGetValue(key, out var known) && known != state;
                _states[key] = state;
                next = state switch
                {
                    DeclarationState.Confirmed => present,
                    DeclarationState.Undeclared => present.Metadata.IsBeingDeleted && before is not null ? present : null,
                    _ => before,
                };
                unsettled = state is DeclarationState.Confirmed or DeclarationState.Undeclared || before is not null ? null : present;
            }

            Store(key, before, next, unsettled, initial);
            isOtherwise = (wasUnsettled is null) != (unsettled is null);
        }

        foreach (var react in isOtherwise ? _settling : [])
        {
            react();
        }

        foreach (var react in isNews ? _observers : [])
        {
            react(key);
        }
    }

    /// <summary>
    /// Others read without the lock: first whether everything is settled, then the objects. So an object counts as settled only once what is declared of it can be
    /// read, and at no moment in between.
    /// </summary>
    private void Store(ObjectKey key, T? before, T? next, T? unsettled, bool initial)
    {
        if (unsettled is not null)
        {
            _unsettled[key] = unsettled;
        }

        if (next is null)
        {
            _declared.Remove(key, null, initial);
        }
        else if (!ReferenceEquals(next, before))
        {
            // The server's versions do not order what is declared: the same object may come, go and come back.
            _declared.Put(new StoredEntry<T>(key, $"{next.Metadata.ResourceVersion}.{++_version}", next), initial);
        }

        if (unsettled is null)
        {
            _unsettled.TryRemove(key, out _);
        }
    }

    private sealed class Subscription(DeclaredStore<T> store, Action end) : IDisposable
    {
        public void Dispose()
        {
            lock (store._gate)
            {
                end();
            }
        }
    }
}
