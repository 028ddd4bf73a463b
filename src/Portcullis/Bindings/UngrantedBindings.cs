using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Portcullis.Core;
using Portcullis.Core.Grants;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Bindings;

/// <summary>The bindings of the cluster that stand for no Grant and matter all the same: they give a role of ours, or give somebody access.</summary>
internal sealed class UngrantedBindings(UntypedStores stores)
{
    private const string NamespaceIndex = "namespace";

    public static IReadOnlyList<ApiResource> Kinds { get; } = [ClusterKinds.RoleBinding, ClusterKinds.ClusterRoleBinding];

    public static void Add(IServiceCollection services)
    {
        services.AddUntypedStore(ClusterKinds.RoleBinding, null, o => o.Keep(b => UndeclaredBinding.Is(b) || ForeignAccess.Is(b)).IndexNamespace(NamespaceIndex));
        services.AddUntypedStore(ClusterKinds.ClusterRoleBinding, null, o => o.Keep(UndeclaredBinding.Is));
        services.TryAddSingleton<UngrantedBindings>();
    }

    public IEnumerable<(ApiResource Kind, ObjectKey Key)> Undeclared() =>
        Kinds.SelectMany(kind => stores.Of(kind).Keys().Where(key => FindUndeclared(kind, key) is not null).Select(key => (kind, key)));

    /// <summary>One that gives a role of ours; null when there is none of this name.</summary>
    public JsonObject? FindUndeclared(ApiResource kind, ObjectKey key) => stores.Of(kind).Get(key) is { } binding && UndeclaredBinding.Is(binding) ? binding : null;

    /// <summary>Calls back with each that comes or changes, until disposed.</summary>
    public IEnumerable<IDisposable> WhenUndeclared(Action<ApiResource, ObjectKey> react) => Kinds.Select(kind => stores.Of(kind).Subscribe(change =>
    {
        if (change.After is { } after && UndeclaredBinding.Is(after))
        {
            react(kind, change.Key);
        }
    }));

    /// <summary>What bindings in these namespaces give besides Grants. One that gives a role of ours is about to be removed.</summary>
    public IReadOnlyList<ForeignAccess> ForeignIn(IEnumerable<string> namespaces) =>
        ForeignAccess.Among(namespaces.SelectMany(n => stores.Of(ClusterKinds.RoleBinding).Find(NamespaceIndex, n)).Where(b => !UndeclaredBinding.Is(b)));
}
