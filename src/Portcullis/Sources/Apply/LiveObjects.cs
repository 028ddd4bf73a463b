using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Kinds;
using Portcullis.Core.Revisions;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Stores;
using Portcullis.Objects.Json;

namespace Portcullis.Sources.Apply;

/// <summary>
/// Every object that carries a source's label, of every kind that any source ever declared, kept by watches. A change that is more
/// than status calls for a reconcile of its source at once: that is how drift is noticed.
/// </summary>
internal sealed class LiveObjects(
    DynamicStores stores, KubernetesClient client, IStore<GitSource> sources, ReconcileTrigger<GitSource> trigger, KindSet kinds, TimeProvider time) : IDisposable
{
    /// <summary>config/rbac gives the operator our own kinds alone.</summary>
    private const string MissingRight = "allow this with a ClusterRole labelled rbac.portcullis.dev/aggregate-to-operator=true (docs/git-sources.md)";

    /// <summary>A list that takes longer than this may be of a kind that has gone meanwhile.</summary>
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<ObjectIdentity, LiveFact> _facts = [];
    private readonly Dictionary<string, UntypedStore> _stores = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, KindRefusal> _refused = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _gate = new();
    private readonly ExpectedContents _expected = new(time);


    /// <summary>
    /// Follows these kinds from now on and waits until their objects are known. A kind that the server does not list is not waited for: it is
    /// asked for again at the next reconcile, and until then <see cref="RefusalOf"/> says why nothing of it is written.
    /// </summary>
    public async Task FollowAsync(IEnumerable<ApiResource> resources, CancellationToken cancellationToken)
    {
        var waiting = new List<Task>();
        foreach (var resource in resources.DistinctBy(r => r.QualifiedPlural))
        {
            if (await StoreOfAsync(resource, cancellationToken) is { } store)
            {
                waiting.Add(SyncedAsync(resource, store, cancellationToken));
            }
        }

        await Task.WhenAll(waiting);
    }

    /// <summary>Why the server does not list a kind; null when it does.</summary>
    public KindRefusal? RefusalOf(ApiResource resource) => _refused.GetValueOrDefault(resource.QualifiedPlural);

    public LiveFact? Find(ObjectIdentity identity) => _facts.GetValueOrDefault(identity);

    /// <summary>Call before an object is written; the content counts as written from the answer until the watch shows it.</summary>
    public ExpectedWrite<string> BeginWrite(ObjectIdentity identity) => _expected.Begin(identity, Find(identity)?.ResourceVersion);

    /// <summary>Whether this very content was written and the watch has not shown it yet.</summary>
    public bool IsWritten(DesiredObject target) => _expected.Contains(target.Identity, target.ContentDigest, () => Find(target.Identity)?.ResourceVersion);

    /// <summary>The source that an object belongs to now; null when to none, or when its kind is not followed.</summary>
    public string? OwnerOf(ObjectIdentity identity) => Find(identity) is { } fact ? OwnerOf(fact) : null;

    /// <summary>A label that names no source was not put there by one: whoever relabels an object by hand does not take it out of its source's care.</summary>
    public string? OwnerOf(LiveFact fact) => fact.Source is { } source && sources.Get(ObjectKey.Cluster(source)) is not null ? source : null;

    /// <summary>The whole object.</summary>
    public JsonObject? Read(ApiResource resource, ObjectKey key)
    {
        lock (_gate)
        {
            return _stores.GetValueOrDefault(resource.QualifiedPlural)?.Get(key);
        }
    }

    /// <summary>Objects of our own kinds that other sources declared: what a revision may refer to besides its own.</summary>
    public IReadOnlyList<JsonObject> OwnedByOthers(string source) =>
    [
        .. _facts.Where(f => f.Key.Group == WellKnown.Group && f.Value.Source is { } owner && owner != source)
            .OrderBy(f => f.Key)
            .Select(f => Read(f.Value.Resource, f.Key.Key))
            .OfType<JsonObject>(),
    ];

    /// <summary>
    /// Differences of a live object from what is declared; remembered until either changes, or until the server's form of it (<paramref name="canonical"/>)
    /// is learnt.
    /// </summary>
    public IReadOnlyList<FieldDifference> Compare(RevisionObject declared, LiveFact fact, JsonObject? canonical)
    {
        var checkedFor = canonical is null ? declared.Manifest.Digest : $"{declared.Manifest.Digest} canonical";
        if (fact.CheckedFor != checkedFor)
        {
            fact.Differences = Read(declared.Resource, declared.Manifest.Key) is { } live
                ? [.. LiveComparison.Of(declared.Manifest.ToObject(), live, kinds.FindByGroup(declared.Resource.Group, declared.Resource.Kind), canonical).Take(10)]
                : [];
            fact.CheckedFor = checkedFor;
        }

        return fact.Differences;
    }

    public void Dispose() => _turn.Dispose();

    private async Task SyncedAsync(ApiResource resource, UntypedStore store, CancellationToken cancellationToken)
    {
        var synced = store.WaitUntilSyncedAsync(cancellationToken);
        while (!synced.IsCompleted && await Task.WhenAny(synced, Task.Delay(AskAgainAfter, time, cancellationToken)) != synced)
        {
            if (await AskAsync(resource, cancellationToken) is { } refusal)
            {
                _refused[resource.QualifiedPlural] = refusal;
                return;
            }
        }

        await synced;
        _refused.TryRemove(resource.QualifiedPlural, out _);
    }

    private async Task<UntypedStore?> StoreOfAsync(ApiResource resource, CancellationToken cancellationToken)
    {
        UntypedStore? present;
        lock (_gate)
        {
            present = _stores.GetValueOrDefault(resource.QualifiedPlural);
        }

        if (present is not null
            && (present.Resource.Version == resource.Version || await AskAsync(present.Resource, cancellationToken) is not { IsAbsent: true }))
        {
            return present; // by whichever version they are read, the objects are the same
        }

        if (await AskAsync(resource, cancellationToken) is { } refusal)
        {
            _refused[resource.QualifiedPlural] = refusal;
            return null;
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await FollowAsync(resource, present);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>One at a time: what was seen by a version that is served no longer must be forgotten before anything is seen by the next.</summary>
    private async Task<UntypedStore> FollowAsync(ApiResource resource, UntypedStore? before)
    {
        lock (_gate)
        {
            if (_stores.GetValueOrDefault(resource.QualifiedPlural) is { } other && other != before)
            {
                return other;
            }
        }

        if (before is not null)
        {
            await stores.EndAsync(before);
            foreach (var key in before.Keys())
            {
                _facts.TryRemove(new ObjectIdentity(resource.Group, resource.Kind, key), out _);
            }
        }

        lock (_gate)
        {
            var store = stores.Follow(resource, WellKnown.Labels.Source, change => Changed(resource, change));
            store.WhenListed(() => _expected.Doubt(resource));
            return _stores[resource.QualifiedPlural] = store;
        }
    }

    private async Task<KindRefusal?> AskAsync(ApiResource resource, CancellationToken cancellationToken)
    {
        try
        {
            await client.FirstAsync(resource, new ListOptions { LabelSelector = WellKnown.Labels.Source }, cancellationToken);
            return null;
        }
        catch (KubernetesApiException e)
        {
            // Forbidden, or not served, or whoever serves the kind is away.
            var reason = e.IsForbidden ? $"{e.Message}; {MissingRight}"
                : e.IsNotFound ? $"the server does not serve {resource.Kind} in {resource.ApiVersion} yet: its CustomResourceDefinition is missing or was written a moment ago"
                : e.Message;
            return new KindRefusal(reason, e.IsNotFound);
        }
    }

    private void Changed(ApiResource resource, Change<JsonObject> change)
    {
        var isMoreThanStatus = Record(resource, new ObjectIdentity(resource.Group, resource.Kind, change.Key), change);
        _expected.Observe(resource, change);
        foreach (var source in isMoreThanStatus ? Sources(change) : [])
        {
            trigger.Enqueue(ObjectKey.Cluster(source));
        }
    }

    /// <summary>Keeps what the watch shows; false when nothing but its status changed.</summary>
    private bool Record(ApiResource resource, ObjectIdentity identity, Change<JsonObject> change)
    {
        if (change.After is null)
        {
            _facts.TryRemove(identity, out _);
        }
        else if (change.Before is not null && LiveFact.SameContent(change.Before, change.After) && _facts.TryGetValue(identity, out var known))
        {
            _facts[identity] = known with { ResourceVersion = change.After.Object("metadata").String("resourceVersion") ?? "" };
            return false;
        }
        else
        {
            _facts[identity] = LiveFact.Of(resource, change.After);
        }

        return true;
    }

    private static IEnumerable<string> Sources(Change<JsonObject> change) =>
        new[] { change.Before, change.After }
            .Select(o => o.Object("metadata").Object("labels").String(WellKnown.Labels.Source))
            .OfType<string>()
            .Distinct(StringComparer.Ordinal);
}

/// <summary>The server's words about a kind that it does not list, and whether it has no such kind (yet).</summary>
internal sealed record KindRefusal(string Message, bool IsAbsent);
