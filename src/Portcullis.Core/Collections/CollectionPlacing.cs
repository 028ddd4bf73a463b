using System.Collections.Immutable;

namespace Portcullis.Core.Collections;

/// <summary>
/// One change of the places. Whether a collection that is being deleted keeps its path depends on those below it, so that the paths concerned are
/// those named and all above them, and the deepest are decided first.
/// </summary>
internal sealed class CollectionPlacing(CollectionPlaces before)
{
    private readonly ImmutableDictionary<string, ImmutableSortedSet<Collection>>.Builder _claimants = before.Claimants.ToBuilder();
    private readonly ImmutableDictionary<string, Collection>.Builder _holders = before.Holders.ToBuilder();
    private readonly ImmutableDictionary<string, ImmutableSortedSet<string>>.Builder _children = before.Children.ToBuilder();
    private readonly ImmutableDictionary<string, Collection>.Builder _byName = before.ByName.ToBuilder();
    private readonly ImmutableDictionary<string, CollectionProblem>.Builder _outside = before.Outside.ToBuilder();
    private readonly List<Collection> _gone = [];
    private readonly List<Collection> _added = [];
    private ImmutableSortedSet<string> _paths = before.Paths;

    public (CollectionPlaces Places, ListChange<Collection> Placed) Apply(ListChange<Collection> change)
    {
        foreach (var one in change.Gone)
        {
            _claimants.RemoveFrom(one.Spec.Path, one);
            _outside.Remove(one.Key.Name);
        }

        foreach (var one in change.Added)
        {
            _claimants.AddTo(one.Spec.Path, one, CollectionAge.Oldest);
        }

        var concerned = change.Gone.Concat(change.Added).SelectMany(c => CollectionPath.SelfAndAncestors(c.Spec.Path)).ToHashSet(StringComparer.Ordinal);
        foreach (var path in concerned.OrderByDescending(CollectionPath.Depth))
        {
            Decide(path);
        }

        return (Made(), new ListChange<Collection>(_gone, _added));
    }

    /// <summary>Of those that name a path the oldest has it; one that is being deleted only while there is something below.</summary>
    private void Decide(string path)
    {
        var all = _claimants.GetValueOrDefault(path) ?? ImmutableSortedSet<Collection>.Empty;
        var holdsOthers = CollectionPath.Below(_paths, path).Any();
        var holder = all.FirstOrDefault(c => holdsOthers || !c.Metadata.IsBeingDeleted);
        foreach (var one in all)
        {
            if (ReferenceEquals(one, holder))
            {
                _outside.Remove(one.Key.Name);
                continue;
            }

            _outside[one.Key.Name] = one.Metadata.IsBeingDeleted && !holdsOthers
                ? new CollectionProblem(CollectionReasons.Deleting, "metadata", "the collection is being deleted")
                : new CollectionProblem(CollectionReasons.DuplicatePath, "spec.path", $"{path} is already the path of the collection {holder!.Key.Name}");
        }

        Place(path, _holders.GetValueOrDefault(path), holder);
    }

    private void Place(string path, Collection? former, Collection? holder)
    {
        if (ReferenceEquals(former, holder))
        {
            return;
        }

        if (former is not null)
        {
            _gone.Add(former);
            _holders.Remove(path);
            if (ReferenceEquals(_byName.GetValueOrDefault(former.Key.Name), former))
            {
                _byName.Remove(former.Key.Name);
            }
        }

        if (holder is not null)
        {
            _added.Add(holder);
            _holders[path] = holder;
            _byName[holder.Key.Name] = holder;
        }

        Link(path, former is not null, holder is not null);
    }

    /// <summary>A path that comes takes over those below it from the one above; one that goes leaves them to that one.</summary>
    private void Link(string path, bool wasThere, bool isThere)
    {
        if (wasThere == isThere)
        {
            return;
        }

        var above = CollectionPath.SelfAndAncestors(path).Skip(1).FirstOrDefault(_holders.ContainsKey) ?? CollectionPlaces.Top;
        if (isThere)
        {
            Move(CollectionPath.Below(_children.GetValueOrDefault(above), path), above, path);
            _paths = _paths.Add(path);
            _children.AddTo(above, path, StringComparer.Ordinal);
        }
        else
        {
            Move(_children.GetValueOrDefault(path) ?? ImmutableSortedSet<string>.Empty, path, above);
            _paths = _paths.Remove(path);
            _children.RemoveFrom(above, path);
        }
    }

    private void Move(IEnumerable<string> paths, string from, string to)
    {
        foreach (var path in paths.ToList())
        {
            _children.RemoveFrom(from, path);
            _children.AddTo(to, path, StringComparer.Ordinal);
        }
    }

    private CollectionPlaces Made() => new()
    {
        Claimants = _claimants.ToImmutable(),
        Holders = _holders.ToImmutable(),
        Paths = _paths,
        Children = _children.ToImmutable(),
        ByName = _byName.ToImmutable(),
        Outside = _outside.ToImmutable(),
    };
}
