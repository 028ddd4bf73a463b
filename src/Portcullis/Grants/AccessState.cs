using Portcullis.Collections;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Core.Organizations;
using Portcullis.Core.Roles;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Grants;

/// <summary>Names the source that may claim protected namespaces. Set once by the composition.</summary>
internal sealed class AccessOptions
{
    public string RootSource { get; set; } = "root";
}

/// <summary>
/// The present decisions about access, worked out from the stores and kept until an input really changes. Stores hand out one list until
/// something changes, so asking again costs a few comparisons; statuses and heartbeats change lists but no decision.
/// </summary>
internal sealed class AccessState(
    AccessStores stores,
    AccessOptions options)
{
    private readonly Lock _gate = new();
    private readonly Remembered<Collection> _collections = new(SameContent);
    private readonly Remembered<NamespaceObject> _namespaces = new((a, b) => a.Metadata.ResourceVersion == b.Metadata.ResourceVersion);
    private readonly Remembered<NodeObject> _nodes = new((a, b) => a.Metadata.Key == b.Metadata.Key && SameLabels(a.Metadata.Labels, b.Metadata.Labels));
    private readonly Remembered<Organization> _organizations = new(SameContent);
    private readonly Remembered<AccessRole> _roles = new(SameContent);
    private readonly Remembered<Grant> _grants = new(SameContent);
    private readonly Remembered<GitSource> _sources = new(SameContent);
    private SourceScopes? _scopes;
    private CollectionTree? _tree;
    private SubjectBook? _subjects;
    private RoleBook? _book;
    private AccessModel? _model;

    /// <summary>Never changes once handed out.</summary>
    public AccessModel Current
    {
        get
        {
            lock (_gate)
            {
                var sourcesChanged = _sources.Take(stores.Sources.List());
                _scopes = sourcesChanged || _scopes is null ? new SourceScopes(_sources.Items, options.RootSource) : _scopes;
                var treeChanged = sourcesChanged | _collections.Take(stores.Collections.List()) | _namespaces.Take(stores.Namespaces.List()) | _nodes.Take(stores.Nodes.List());
                if (treeChanged || _tree is null)
                {
                    _tree = CollectionTree.Build(
                        _collections.Items, _namespaces.Items.Select(ToFact), _nodes.Items.Select(ToFact), options.RootSource, _scopes.Refusal);
                }

                var subjectsChanged = _organizations.Take(stores.Organizations.List());
                _subjects = subjectsChanged || _subjects is null ? new SubjectBook(_organizations.Items) : _subjects;
                var rolesChanged = _roles.Take(stores.Roles.List());
                _book = rolesChanged || _book is null ? new RoleBook(_roles.Items) : _book;
                if (_grants.Take(stores.Grants.List()) || treeChanged || subjectsChanged || rolesChanged || _model is null)
                {
                    var (scopes, book) = (_scopes, _book);
                    _model = new AccessModel(_tree, _subjects, book, _grants.Items, grant => scopes.Refusal(grant, book), scopes.Hold);
                }

                return _model;
            }
        }
    }

    private static NamespaceFact ToFact(NamespaceObject value) => new(value.Metadata.Key.Name)
    {
        Labels = value.Metadata.Labels ?? Nothing,
        Annotations = value.Metadata.Annotations ?? Nothing,
        IsBeingDeleted = value.Metadata.IsBeingDeleted,
    };

    private static NodeFact ToFact(NodeObject value) => new(value.Metadata.Key.Name) { Labels = value.Metadata.Labels ?? Nothing };

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

    /// <summary>A store's list as last looked at, and whether a new one says anything new.</summary>
    private sealed class Remembered<T>(Func<T, T, bool> same)
        where T : class
    {
        public IReadOnlyList<T> Items { get; private set; } = [];

        public bool Take(IReadOnlyList<T> list)
        {
            if (ReferenceEquals(list, Items))
            {
                return false;
            }

            var changed = list.Count != Items.Count;
            for (var i = 0; !changed && i < list.Count; i++)
            {
                changed = !same(list[i], Items[i]);
            }

            Items = list;
            return changed;
        }
    }
}

/// <summary>The stores that access is decided from.</summary>
internal sealed record AccessStores(
    IStore<Collection> Collections,
    IStore<NamespaceObject> Namespaces,
    IStore<NodeObject> Nodes,
    IStore<Organization> Organizations,
    IStore<AccessRole> Roles,
    IStore<Grant> Grants,
    IStore<GitSource> Sources);
