using Portcullis.Cluster;
using Portcullis.Core;
using Portcullis.Core.Access;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Core.Organizations;
using Portcullis.Core.Roles;
using Portcullis.Core.Scopes;
using Portcullis.Core.Sources;

namespace Portcullis.Access;

/// <summary>
/// The present decisions about access, worked out from the stores and kept until an input really changes. Stores hand out one list until
/// something changes, so asking again costs a few comparisons; statuses and heartbeats change lists but no decision.
/// </summary>
internal sealed class AccessState(AccessStores stores, AccessOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly AccessInput<Collection, Collection> _collections = new(SameContent, c => c);
    private readonly AccessInput<NamespaceObject, NamespaceFact> _namespaces = new(SameFact, ToFact);
    private readonly AccessInput<NodeObject, NodeFact> _nodes = new((a, b) => a.Metadata.Key == b.Metadata.Key && SameLabels(a.Metadata.Labels, b.Metadata.Labels), ToFact);
    private readonly AccessInput<Organization, Organization> _organizations = new(SameContent, o => o);
    private readonly AccessInput<AccessRole, AccessRole> _roles = new(SameContent, r => r);
    private readonly AccessInput<Grant, AccessGrant> _grants = new(SameContent, g => g.ToAccess());
    private readonly AccessInput<GitSource, ScopeHolder> _sources = new(SameContent, s => s.ToScopeHolder(options.RootSource));
    private AccessSnapshot? _snapshot;
    private AccessModel? _model;
    private long _readAt;

    /// <summary>The model of this moment. No model changes once handed out.</summary>
    public AccessModel Current => AsOf(long.MaxValue);

    /// <summary>
    /// A model that shows every change of an input up to a moment (a timestamp of the clock): the present one, if it was made since, so that a burst
    /// of changes is not looked at one by one.
    /// </summary>
    public AccessModel AsOf(long moment)
    {
        lock (_gate)
        {
            if (_model is null || moment >= _readAt)
            {
                Refresh();
            }

            return _model!;
        }
    }

    private void Refresh()
    {
        _readAt = time.GetTimestamp();
        var unsettled = stores.Unsettled(); // before the lists: what is settled meanwhile is in them, but not what is settled after they were read
        var snapshot = new AccessSnapshot
        {
            Collections = _collections.Take(stores.Collections.List()),
            Namespaces = _namespaces.Take(stores.Namespaces.List()),
            Nodes = _nodes.Take(stores.Nodes.List()),
            Organizations = _organizations.Take(stores.Organizations.List()),
            Roles = _roles.Take(stores.Roles.List()),
            Grants = _grants.Take(stores.Grants.List()),
            Sources = _sources.Take(stores.Sources.List()),
            RootSource = options.RootSource,
            Unsettled = unsettled,
        };

        // Records compare their lists by reference, which is just what is asked here.
        if (_model is null || snapshot != _snapshot)
        {
            (_snapshot, _model) = (snapshot, AccessModel.Build(snapshot, _model));
        }
    }

    private static NamespaceFact ToFact(NamespaceObject value) => new(value.Metadata.Key.Name)
    {
        Labels = value.Metadata.Labels ?? Nothing,
        Annotations = value.Metadata.Annotations ?? Nothing,
        IsBeingDeleted = value.Metadata.IsBeingDeleted,
    };

    private static NodeFact ToFact(NodeObject value) => new(value.Metadata.Key.Name) { Labels = value.Metadata.Labels ?? Nothing };

    /// <summary>Whatever membership is decided from: heartbeats, statuses and others' annotations are not.</summary>
    private static bool SameFact(NamespaceObject left, NamespaceObject right) =>
        left.Metadata.Key == right.Metadata.Key
        && left.Metadata.IsBeingDeleted == right.Metadata.IsBeingDeleted
        && SameLabels(left.Metadata.Labels, right.Metadata.Labels)
        && left.Metadata.Annotation(WellKnown.Annotations.CreatedFor) == right.Metadata.Annotation(WellKnown.Annotations.CreatedFor);

    private static bool SameContent<T>(T left, T right)
        where T : class, IResource<T> =>
        ReferenceEquals(left, right)
        || (left.Metadata.Uid == right.Metadata.Uid
            && left.Metadata.Generation == right.Metadata.Generation
            && left.Metadata.IsBeingDeleted == right.Metadata.IsBeingDeleted
            && SameLabels(left.Metadata.Labels, right.Metadata.Labels));

    private static bool SameLabels(IReadOnlyDictionary<string, string>? left, IReadOnlyDictionary<string, string>? right) =>
        (left ?? Nothing).Count == (right ?? Nothing).Count && (left ?? Nothing).All(pair => right!.TryGetValue(pair.Key, out var value) && value == pair.Value);

    private static readonly Dictionary<string, string> Nothing = [];
}
