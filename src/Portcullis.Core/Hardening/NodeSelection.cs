namespace Portcullis.Core.Hardening;

/// <summary>Which NodeHardenings apply to a node.</summary>
public static class NodeSelection
{
    /// <summary>Those that select a node and are not being deleted, by name.</summary>
    public static IReadOnlyList<NodeHardening> Of(IEnumerable<NodeHardening> all, IReadOnlyDictionary<string, string> nodeLabels) =>
        [.. all.Where(h => !h.Metadata.IsBeingDeleted && Selects(h.Spec, nodeLabels)).OrderBy(h => h.Metadata.Name, StringComparer.Ordinal)];

    public static bool Selects(NodeHardeningSpec spec, IReadOnlyDictionary<string, string> nodeLabels) =>
        spec.NodeSelector is null || spec.NodeSelector.All(s => nodeLabels.TryGetValue(s.Key, out var value) && value == s.Value);
}
