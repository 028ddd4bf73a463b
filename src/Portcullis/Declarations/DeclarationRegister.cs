using Portcullis.Core;
using Portcullis.Core.Declarations;
using Portcullis.Core.Kinds;
using Portcullis.Core.Sources;
using Portcullis.Drift;
using Portcullis.Kubernetes.Declarations;

namespace Portcullis.Declarations;

/// <summary>
/// What each source declares of our kinds, and what it found to be as declared: the sources write it, everybody else reads it. Of a source whose
/// revision this process has not loaded, the statuses of its objects say what was confirmed.
/// </summary>
internal sealed class DeclarationRegister(DriftLedger ledger, KindSet kinds, DeclarationOptions options) : IDeclarations
{
    /// <summary>The source that declares the root source. No GitSource can have this name.</summary>
    public const string StartParameters = "start parameters";

    private static readonly HashSet<ObjectIdentity> NoObjects = [];

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Dictionary<ObjectIdentity, Confirmation?>> _loaded = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Func<ObjectIdentity, string?>> _positions = new(StringComparer.Ordinal);
    private Action<DeclarationChange>[] _observers = [];
    private IDeclaredStore<GitSource>? _sources;

    /// <summary>Which sources there are; called once, before any store is filled.</summary>
    public void Follow(IDeclaredStore<GitSource> sources)
    {
        _sources = sources;

        // A source that may be edited is not among the declared ones: that it is there at all shows only here.
        sources.WhenUnsettledChange(() => Notify([new DeclarationChange()]));
        sources.Subscribe(change =>
        {
            if (change.Before is null || change.After is null)
            {
                Notify([new DeclarationChange()]);
            }
        });
    }

    /// <summary>
    /// The objects that a source declares now, each with what the cluster holds of it if that is as declared. Of those without, what was
    /// confirmed before still counts. What is <paramref name="leaving"/> stays declared, unless it was withdrawn before.
    /// </summary>
    public void Declare(
        string source, IReadOnlyDictionary<ObjectIdentity, Confirmation?> objects, IReadOnlySet<ObjectIdentity>? leaving = null)
    {
        var changes = new List<DeclarationChange>();
        lock (_gate)
        {
            var isNew = !_loaded.TryGetValue(source, out var known);
            known = _loaded[source] = known ?? (leaving ?? NoObjects).ToDictionary(l => l, _ => (Confirmation?)null);
            foreach (var (identity, confirmation) in objects)
            {
                if (!known.TryGetValue(identity, out var before) || (confirmation is not null && confirmation != before))
                {
                    known[identity] = confirmation;
                    changes.Add(ChangeOf(identity));
                }
            }

            foreach (var gone in known.Count == objects.Count ? [] : known.Keys.Where(k => !objects.ContainsKey(k) && leaving?.Contains(k) != true).ToList())
            {
                known.Remove(gone);
                changes.Add(ChangeOf(gone));
            }

            changes = isNew ? [new DeclarationChange()] : changes;
        }

        Notify(changes);
    }

    /// <summary>Where the objects of a source stand, as <c>file:line of …</c>.</summary>
    public void Locate(string source, Func<ObjectIdentity, string?> positionOf)
    {
        lock (_gate)
        {
            _positions[source] = positionOf;
        }
    }

    /// <summary>Where the source that declares an object does so; null when none does, or none whose revision this process has loaded.</summary>
    public string? PositionOf(ObjectIdentity identity)
    {
        lock (_gate)
        {
            return _loaded.Where(l => l.Value.ContainsKey(identity)).Select(l => _positions.GetValueOrDefault(l.Key)?.Invoke(identity)).FirstOrDefault(p => p is not null);
        }
    }

    /// <summary>One of the source's objects is as declared now.</summary>
    public void Confirm(string source, ObjectIdentity identity, Confirmation confirmation)
    {
        lock (_gate)
        {
            if (!_loaded.TryGetValue(source, out var known) || (known.TryGetValue(identity, out var before) && before == confirmation))
            {
                return;
            }

            known[identity] = confirmation;
        }

        Notify([ChangeOf(identity)]);
    }

    /// <summary>An object is no longer declared: it is about to be deleted.</summary>
    public void Withdraw(string source, ObjectIdentity identity)
    {
        bool isNews;
        lock (_gate)
        {
            isNews = _loaded.TryGetValue(source, out var known) && known.Remove(identity);
        }

        Notify(isNews ? [ChangeOf(identity)] : []);
    }

    /// <summary>Nothing else of what a source declared is declared any more.</summary>
    public void Retain(string source, Func<ObjectIdentity, bool> stays)
    {
        List<ObjectIdentity> gone;
        lock (_gate)
        {
            gone = _loaded.TryGetValue(source, out var known) ? [.. known.Keys.Where(k => !stays(k))] : [];
            gone.ForEach(g => known!.Remove(g));
        }

        Notify([.. gone.Select(ChangeOf)]);
    }

    /// <summary>The source is gone.</summary>
    public void Forget(string source)
    {
        lock (_gate)
        {
            if (!_loaded.Remove(source))
            {
                return;
            }
        }

        Notify([new DeclarationChange()]);
    }

    public DeclarationState Of<T>(T resource, Declaration? reported)
        where T : class, IResource<T>
    {
        var metadata = resource.Metadata;
        var isRoot = IsRoot(T.Definition, metadata.Key);
        if (isRoot && !options.HasRoot())
        {
            return new DeclarationState.Unknown("the start parameters of the operator do not say what the root source is: give --root-file or --root-url; until then everything stays as it is");
        }

        var source = isRoot ? StartParameters : metadata.Label(WellKnown.Labels.Source) ?? reported?.Source;
        var (isDeclared, confirmed, isLoaded) = source is null ? default : Find(source, IdentityOf(T.Definition, metadata.Key));
        return DeclarationJudge.Judge(new DeclarationFacts
        {
            Generation = metadata.Generation ?? 0,
            Uid = metadata.Uid,
            Source = source,
            Applier = metadata.Annotation(WellKnown.Annotations.AppliedBy) is { } applier && options.TrustedAppliers.Contains(applier) ? applier : null,
            WasApplied = DeclarationJudge.ApplierOf(reported?.Source) is { } before && options.TrustedAppliers.Contains(before),
            IsAllowed = options.AllowUndeclared && kinds.FindByGroup(T.Definition.Group, T.Definition.Kind)?.MustBeDeclared(resource) == false,
            Reported = reported,
            HasSource = source is not null && (isLoaded || HasSource(source)),
            IsSourceSettled = source is null or StartParameters || isLoaded || _sources?.Get(ObjectKey.Cluster(source)) is not null,
            IsLoaded = isLoaded,
            IsDeclared = isDeclared,
            Confirmed = confirmed,
        });
    }

    public bool DeclaresMissing(ApiResource resource, ObjectKey key)
    {
        var identity = IdentityOf(resource, key);
        lock (_gate)
        {
            return _loaded.Values.Any(known => known.ContainsKey(identity));
        }
    }

    public IDisposable Subscribe(Action<DeclarationChange> react)
    {
        lock (_gate)
        {
            _observers = [.. _observers, react];
        }

        return new Subscription(this, react);
    }

    public async Task<string> WhoChangedAsync(ApiResource resource, ObjectKey key, CancellationToken cancellationToken) =>
        (await ledger.LastChangeAsync(resource, key, cancellationToken)).ToString()!;

    private bool IsRoot(ApiResource resource, ObjectKey key) => key.Name == options.RootSource && resource.QualifiedPlural == GitSource.Definition.QualifiedPlural;

    private bool HasSource(string source) =>
        source == StartParameters
        || _sources?.Unsettled().Any(s => s.Key.Name == source) == true // first: it is here until it is there
        || _sources?.Get(ObjectKey.Cluster(source)) is not null;

    private (bool IsDeclared, Confirmation? Confirmed, bool IsLoaded) Find(string source, ObjectIdentity identity)
    {
        lock (_gate)
        {
            return !_loaded.TryGetValue(source, out var known) ? default
                : known.TryGetValue(identity, out var confirmation) ? (true, confirmation, true) : (false, null, true);
        }
    }

    private void Notify(List<DeclarationChange> changes)
    {
        foreach (var change in changes)
        {
            foreach (var react in _observers)
            {
                react(change);
            }
        }
    }

    private static ObjectIdentity IdentityOf(ApiResource resource, ObjectKey key) => new(resource.Group, resource.Kind, key);

    private static DeclarationChange ChangeOf(ObjectIdentity identity) => new(identity.Group, identity.Kind, identity.Key);

    private sealed class Subscription(DeclarationRegister register, Action<DeclarationChange> react) : IDisposable
    {
        public void Dispose()
        {
            lock (register._gate)
            {
                register._observers = [.. register._observers.Where(o => o != react)];
            }
        }
    }
}
