using Portcullis.Core.Kinds;
using Portcullis.Core.Revisions;

namespace Portcullis.Core.Sources;

/// <summary>
/// One thing to do so that the cluster holds what a revision declares. The inventory is written first (law 5); then come the kinds that
/// decide about access, and the prunes of them, so that a renamed grant opens no gap; then everything else, stage by stage, and the other prunes.
/// </summary>
public abstract record ApplyAction : PlannedAction
{
    private ApplyAction()
    {
    }

    /// <summary>Write into the inventory what is about to be made.</summary>
    public sealed record Record(IReadOnlyList<InventoryEntry> Entries) : ApplyAction
    {
        public override string Id => "record in the inventory";

        public override int Phase => ApplyPhases.Inventory;

        public override string Describe() => $"record {Entries.Count} in the inventory";
    }

    /// <summary>Write one object as it is declared.</summary>
    public abstract record Write(DesiredObject Object) : ApplyAction
    {
        public override string Id => IdOf(Object.Identity);

        public override int Phase => ApplyPhases.OfWrite(Object);

        /// <summary>The object is not there: what lives in it comes after it.</summary>
        public abstract bool IsNew { get; }
    }

    public sealed record Create(DesiredObject Object) : Write(Object)
    {
        public override bool IsNew => true;

        public override string Describe() => $"create {Object.Identity}";
    }

    public sealed record Configure(DesiredObject Object) : Write(Object)
    {
        public override bool IsNew => false;

        public override string Describe() => $"configure {Object.Identity}";
    }

    /// <summary>Undo a change made beside Git; without differences the object was deleted.</summary>
    public sealed record Revert(DesiredObject Object, IReadOnlyList<FieldDifference> Differences) : Write(Object)
    {
        public override bool IsNew => Differences.Count == 0;

        public override string Describe() => IsNew ? $"recreate {Object.Identity}" : $"revert {Object.Identity}: {string.Join("; ", Differences)}";
    }

    /// <summary>Delete exactly this one: a successor of the same name has another uid.</summary>
    public sealed record Prune(InventoryEntry Entry, string Uid) : ApplyAction
    {
        public override string Id => IdOf(Entry.Identity);

        public override ActionEffect Effect => ActionEffect.Narrow;

        public override int Phase => ApplyPhases.OfPrune(Entry.Identity);

        public override string Describe() => $"prune {Entry.Identity}";
    }

    /// <summary>Remove from the inventory what was deleted or is no longer ours.</summary>
    public sealed record Forget(IReadOnlyList<InventoryEntry> Entries) : ApplyAction
    {
        public override string Id => "remove from the inventory";

        public override int Phase => ApplyPhases.Forget;

        public override string Describe() => $"remove {Entries.Count} from the inventory";
    }

    /// <summary>The object that an action writes or deletes; null for one of the inventory.</summary>
    public ObjectIdentity? Target => this switch
    {
        Write write => write.Object.Identity,
        Prune prune => prune.Entry.Identity,
        _ => null,
    };

    internal static string IdOf(ObjectIdentity identity) => $"{identity.Kind}.{identity.Group} {identity.Key}";
}
