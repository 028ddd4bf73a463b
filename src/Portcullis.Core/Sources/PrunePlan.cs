namespace Portcullis.Core.Sources;

/// <summary>What becomes of the objects that the inventory lists and the revision does not declare.</summary>
public sealed record PrunePlan
{
    public required IReadOnlyList<ApplyAction.Prune> Deletes { get; init; }

    /// <summary>Nothing is left of them, or they are to stay: they leave the inventory.</summary>
    public required IReadOnlyList<InventoryEntry> Forgotten { get; init; }

    public required IReadOnlyList<ObjectFinding> Blocked { get; init; }

    /// <summary>The whole prune is beyond its budget and awaits approval; null when it is not.</summary>
    public string? BudgetExceeded { get; init; }
}
