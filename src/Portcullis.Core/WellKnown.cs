namespace Portcullis.Core;

/// <summary>Every name that appears on objects we write, once.</summary>
public static class WellKnown
{
    public const string Group = "portcullis.dev";
    public const string Version = "v1alpha1";
    public const string Category = "portcullis";

    /// <summary>The namespace of the program's own objects: its Lease and Secrets. Events of cluster-scoped objects are in <c>default</c>, as everywhere.</summary>
    public const string SystemNamespace = "portcullis-system";

    /// <summary>The namespace of the private keys that sign trust data: of all processes the operator alone may read it.</summary>
    public const string TrustNamespace = "portcullis-trust";

    /// <summary>Prefix of every RBAC group made from an Organization or Team.</summary>
    public const string GroupPrefix = "portcullis:";

    /// <summary>What the types of all artifacts begin with that the operator attaches to images.</summary>
    public const string ArtifactTypes = "application/vnd.portcullis.";

    public static class Annotations
    {
        /// <summary>The commit that last changed this object, 40 hex digits. Not rewritten while the content is equal.</summary>
        public const string SourceCommit = "portcullis.dev/source-commit";

        /// <summary>That commit's author, <c>Name &lt;mail&gt;</c>.</summary>
        public const string SourceAuthor = "portcullis.dev/source-author";

        /// <summary><c>file:line</c> of the object in that commit.</summary>
        public const string SourcePath = "portcullis.dev/source-path";

        /// <summary>What was last applied, as a digest of the declared content and one of the stamps above: equal means nothing to write.</summary>
        public const string SourceDigest = "portcullis.dev/source-digest";

        /// <summary>On a Secret: the host that these credentials may be sent to, with the port when it is not the usual one.</summary>
        public const string AllowedHost = "portcullis.dev/allowed-host";

        /// <summary>Reconcile now: any new value.</summary>
        public const string RequestedAt = "portcullis.dev/requestedAt";

        /// <summary>Flux's own, accepted as well.</summary>
        public const string FluxRequestedAt = "reconcile.fluxcd.io/requestedAt";

        /// <summary>Set to <c>disabled</c> on an object to keep it when it leaves Git.</summary>
        public const string Prune = "portcullis.dev/prune";

        /// <summary>On a GitSource: the commit whose prune beyond the budget, or whose rewritten history, is approved; <c>delete-</c> before it approves the source's own deletion.</summary>
        public const string Approve = "portcullis.dev/approve";

        /// <summary>The trusted applier that wrote the object's content, as the admission webhook saw it.</summary>
        public const string AppliedBy = "portcullis.dev/applied-by";

        /// <summary>Until this time, at most four hours from now, nothing is changed for the object and drift is not corrected.</summary>
        public const string PauseUntil = "portcullis.dev/pause-until";

        /// <summary>UCP's own label, kept as an annotation on namespaces: the collection's path.</summary>
        public const string AccessLabel = "com.docker.ucp.access.label";

        /// <summary>On a namespace made for a Collection: that collection's name. Stays when the collection goes, so that it can come back.</summary>
        public const string CreatedFor = "portcullis.dev/created-for";

        /// <summary>On a RoleBinding: the Grants it stands for, comma-separated; cut after a hundred.</summary>
        public const string Grants = "portcullis.dev/grants";
    }

    public static class Labels
    {
        public const string ManagedBy = "app.kubernetes.io/managed-by";
        public const string ManagedByValue = "portcullis";

        /// <summary>Selects what the program keeps for declarations of ours.</summary>
        public const string ManagedSelector = ManagedBy + "=" + ManagedByValue;

        /// <summary>The GitSource that declared this object.</summary>
        public const string Source = "portcullis.dev/source";

        /// <summary>On a Secret: the GitSource that may use it.</summary>
        public const string AllowedSource = "portcullis.dev/allowed-source";

        /// <summary>On a Secret: it is a personal access token of this user.</summary>
        public const string AccessTokenOf = "portcullis.dev/access-token-of";

        /// <summary>On a Secret or ConfigMap that the gateways share: what it is for.</summary>
        public const string Gateway = "portcullis.dev/gateway";

        /// <summary>On a SourceInventory: the GitSource whose objects it lists.</summary>
        public const string InventoryOf = "portcullis.dev/inventory-of";

        /// <summary>The Collection an object was made for.</summary>
        public const string Collection = "portcullis.dev/collection";

        /// <summary>On a node: the Collection whose pods alone may run there. The taint has the same key and value.</summary>
        public const string NodePool = "portcullis.dev/node-pool";

        /// <summary>On a ClusterRole or RoleBinding: the role it stands for.</summary>
        public const string Role = "portcullis.dev/role";
    }

    /// <summary>Field managers: one a writer, so that a conflict or a drift names who it was.</summary>
    public static class Managers
    {
        public const string GitSources = "portcullis-gitsources";
        public const string Collections = "portcullis-collections";
        public const string Roles = "portcullis-roles";
        public const string Grants = "portcullis-grants";
        public const string Hardening = "portcullis-hardening";
        public const string Agent = "portcullis-agent";
        public const string Admission = "portcullis-admission";
        public const string Registries = "portcullis-registries";
        public const string Repositories = "portcullis-repositories";
        public const string Promotions = "portcullis-promotions";
        public const string Scans = "portcullis-scans";
        public const string Signing = "portcullis-signing";
        public const string Webhooks = "portcullis-webhooks";
        public const string Trust = "portcullis-trust";

        public const string Gateway = "portcullis-gateway";

        /// <summary>Of the ledger of tags, which gateways and operators write alike.</summary>
        public const string Ledger = "portcullis-ledger";

        /// <summary>All of ours begin so.</summary>
        public const string Prefix = "portcullis-";
    }
}
