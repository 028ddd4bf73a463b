namespace Portcullis.Core.Collections;

/// <summary>
/// What to do about labels of the tree on a namespace that is in no collection. One that carries a collection's name is that collection's to let
/// go, also while the collection cannot be seen.
/// </summary>
public static class StrayLabelPlanner
{
    public static IReadOnlyList<CollectionAction> Plan(string @namespace, IReadOnlyDictionary<string, string> labels, CollectionTree tree)
    {
        if (labels.ContainsKey(WellKnown.Labels.Collection) || tree.OfNamespace(@namespace) is not null)
        {
            return [];
        }

        var stray = labels.Keys.Where(CollectionPath.IsTreeLabel).Order(StringComparer.Ordinal).ToList();
        return stray.Count == 0 ? [] : [new CollectionAction.RemoveStrayLabels(@namespace, stray)];
    }

    /// <summary>For a namespace whose collection is gone: what the collection would have done in letting it go.</summary>
    public static IReadOnlyList<CollectionAction> PlanOwnerless(
        string @namespace, string? label, string? path, IEnumerable<(string Plural, ObjectKey Key)> guardrails) =>
    [
        .. GuardrailObjects.Kinds
            .Where(k => guardrails.Any(g => g.Plural == k.Plural))
            .Select(k => new CollectionAction.DeleteGuardrail(k, new ObjectKey(@namespace, GuardrailObjects.Name))),
        new CollectionAction.ReleaseNamespace(@namespace, new CollectionMark(label ?? "", path)),
    ];
}
