using Portcullis.Access;
using Portcullis.Core.Collections;

namespace Portcullis.Admission.Webhooks;

/// <summary>The collection of each namespace and the node pool of each node, as the webhooks of pods need them.</summary>
internal sealed class NamespaceCollections(AccessState access, AccessStores stores)
{
    /// <summary>With empty stores no namespace would be in a collection, and every pod would be admitted unchanged.</summary>
    public Task WaitUntilKnownAsync(CancellationToken cancellationToken) => Task.WhenAll(
        stores.Collections.WaitUntilSyncedAsync(cancellationToken),
        stores.Namespaces.WaitUntilSyncedAsync(cancellationToken),
        stores.Nodes.WaitUntilSyncedAsync(cancellationToken));

    public CollectionNode? Find(string namespaceName) => access.Current.Tree.OfNamespace(namespaceName);

    public string? PoolOfNode(string node) => access.Current.Tree.OfClusterNode(node)?.Guardrails.NodePool;
}
