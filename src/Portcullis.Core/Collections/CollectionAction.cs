using System.Text.Json.Nodes;

namespace Portcullis.Core.Collections;

/// <summary>
/// One thing to do for a collection. What is in a namespace comes after the namespace is made; what removes comes in a phase after all that
/// makes, so that no guardrail goes before the one that takes its place.
/// </summary>
public abstract record CollectionAction : PlannedAction
{
    private const int Removing = 1;
    private const int Releasing = 2;

    private CollectionAction()
    {
    }

    /// <summary>The object it is about.</summary>
    public abstract (ApiResource Resource, ObjectKey Key) Target { get; }

    public override string Id => $"{Target.Resource.Kind} {Target.Key}";

    /// <summary>Make the namespace, labelled from its first moment.</summary>
    public sealed record CreateNamespace(string Name, JsonObject Body) : CollectionAction
    {
        public override (ApiResource Resource, ObjectKey Key) Target => (ClusterKinds.Namespace, ObjectKey.Cluster(Name));

        public override string Describe() => $"create namespace {Name}";
    }

    /// <summary>
    /// Put our labels and annotation on a namespace and take stale ones of the tree off. <paramref name="Uid"/> is the namespace that was
    /// planned for: one that has gone meanwhile must not come back empty.
    /// </summary>
    public sealed record LabelNamespace(string Name, string Uid, JsonObject Body, IReadOnlyList<string> StaleLabels) : CollectionAction
    {
        public override (ApiResource Resource, ObjectKey Key) Target => (ClusterKinds.Namespace, ObjectKey.Cluster(Name));

        public override string Describe() =>
            StaleLabels.Count == 0 ? $"label namespace {Name}" : $"label namespace {Name}, removing {string.Join(", ", StaleLabels)}";
    }

    /// <summary>Put a guardrail in place, or back in place.</summary>
    public sealed record ApplyGuardrail(KeptObject Object, bool Exists) : CollectionAction
    {
        /// <summary>One that was there before is taken over.</summary>
        public bool Adopts { get; init; }

        public override ActionEffect Effect => ActionEffect.Narrow;

        public override (ApiResource Resource, ObjectKey Key) Target => (Object.Resource, Object.Key);

        public override string Describe() => $"{(Exists ? "change" : "create")} {Object.Resource.Kind} {Object.Key}";
    }

    /// <summary>Mark a node as the collection's, in its pool or in none.</summary>
    public sealed record ClaimNode(string Name, string Path, JsonObject Labels, string? Pool) : CollectionAction
    {
        public override (ApiResource Resource, ObjectKey Key) Target => (ClusterKinds.Node, ObjectKey.Cluster(Name));

        /// <summary>The labels and the annotation that must be there, as an object says them.</summary>
        public JsonObject Wanted()
        {
            var labels = new JsonObject();
            foreach (var (name, value) in Labels.Where(l => l.Value is not null))
            {
                labels[name] = value!.DeepClone();
            }

            return new JsonObject { ["metadata"] = new JsonObject { ["labels"] = labels, ["annotations"] = Annotations() } };
        }

        /// <summary>The collection's path, by which a node that lost our label is known still.</summary>
        public JsonObject Annotations() => new() { [WellKnown.Annotations.AccessLabel] = Path };

        public override string Describe() => Pool is null ? $"label node {Name}" : $"label node {Name} and taint it for the pool {Pool}";
    }

    /// <summary>Remove a guardrail that nothing asks for any more.</summary>
    public sealed record DeleteGuardrail(ApiResource Resource, ObjectKey Key) : CollectionAction
    {
        public override ActionEffect Effect => ActionEffect.Widen;

        public override int Phase => Removing;

        public override (ApiResource Resource, ObjectKey Key) Target => (Resource, Key);

        public override string Describe() => $"delete {Resource.Kind} {Key}";
    }

    /// <summary>Take labels of the tree off a namespace that is in no collection: network policies would let it in.</summary>
    public sealed record RemoveStrayLabels(string Name, IReadOnlyList<string> Labels) : CollectionAction
    {
        public override ActionEffect Effect => ActionEffect.Narrow;

        public override (ApiResource Resource, ObjectKey Key) Target => (ClusterKinds.Namespace, ObjectKey.Cluster(Name));

        public override string Describe() => $"remove {string.Join(", ", Labels)} from namespace {Name}";
    }

    /// <summary>Let a namespace go that is marked for the collection: our labels come off, everything in it stays.</summary>
    public sealed record ReleaseNamespace(string Name, CollectionMark Mark) : CollectionAction
    {
        public override ActionEffect Effect => ActionEffect.Widen;

        public override int Phase => Releasing;

        public override (ApiResource Resource, ObjectKey Key) Target => (ClusterKinds.Namespace, ObjectKey.Cluster(Name));

        public override string Describe() => $"release namespace {Name}";
    }

    /// <summary>Let a node go that is marked for the collection: our labels and taint come off.</summary>
    public sealed record ReleaseNode(string Name, CollectionMark Mark) : CollectionAction
    {
        public override int Phase => Releasing;

        public override (ApiResource Resource, ObjectKey Key) Target => (ClusterKinds.Node, ObjectKey.Cluster(Name));

        public override string Describe() => $"release node {Name}";
    }
}
