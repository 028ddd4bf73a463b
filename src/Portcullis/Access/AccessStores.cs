using Portcullis.Cluster;
using Portcullis.Core.Collections;
using Portcullis.Core.Grants;
using Portcullis.Core.Organizations;
using Portcullis.Core.Roles;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Access;

/// <summary>The stores that access is decided from.</summary>
internal sealed record AccessStores(
    IStore<Collection> Collections,
    IStore<NamespaceObject> Namespaces,
    IStore<NodeObject> Nodes,
    IStore<Organization> Organizations,
    IStore<AccessRole> Roles,
    IStore<Grant> Grants,
    IStore<GitSource> Sources);
