using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Core.Kinds;

namespace Portcullis.Core.Hardening;

/// <summary>
/// What is wrong with the NodeHardenings of a revision on every node: keys that no engine supports, values of the wrong type, and two
/// NodeHardenings that may select the same node and declare different values for a key.
/// </summary>
public sealed class HardeningRules : IRevisionRule
{
    public IEnumerable<RevisionProblem> Check(DeclaredRevision revision)
    {
        var declared = revision.Of(NodeHardening.Definition).Select(o => new Declared(o, TypedObject.Read<NodeHardening>(o.Value))).OrderBy(d => d.Object.Key).ToList();
        var names = declared.Select(d => d.Object.Key.Name).ToHashSet(StringComparer.Ordinal);
        var others = TypedObject.InForce<NodeHardening>(revision).Where(h => !names.Contains(h.Metadata.Name!)).OrderBy(h => h.Metadata.Name, StringComparer.Ordinal).ToList();
        return declared.SelectMany(d => Selector(d).Concat(Keys(d)).Concat(Together(d))).Concat(Overlaps(declared, others));
    }

    private static IEnumerable<RevisionProblem> Selector(Declared declared) => SelectorCheck.Of(declared.Value.Spec.NodeSelector, "spec.nodeSelector")
        .Select(p => new RevisionProblem(declared.Object.PositionOf(p.Field), $"NodeHardening {declared.Object.Key}: {p.Message}"));

    private static IEnumerable<RevisionProblem> Keys(Declared declared) =>
        from key in declared.Value.Spec.DaemonJson
        let problem = DaemonKeyCheck.OnAnyEngine(key.Key, key.Value)
        where problem is not null
        select new RevisionProblem(declared.Object.PositionOf(problem.Field), $"NodeHardening {declared.Object.Key}: {problem.Message}");

    /// <summary>Pairs that no engine starts with, whatever else is in its file.</summary>
    private static IEnumerable<RevisionProblem> Together(Declared declared)
    {
        var keys = declared.Value.Spec.DaemonJson;
        if (IsFalse(keys["icc"]) && IsFalse(keys["iptables"]))
        {
            yield return new RevisionProblem(
                declared.Object.PositionOf("spec.daemonJSON.icc"),
                $"NodeHardening {declared.Object.Key}: icc=false requires iptables, but iptables is false: an engine does not start with both");
        }

        if (keys.ContainsKey("bridge") && keys.ContainsKey("bip"))
        {
            yield return new RevisionProblem(
                declared.Object.PositionOf("spec.daemonJSON.bip"), $"NodeHardening {declared.Object.Key}: bridge and bip exclude each other: keep one");
        }
    }

    private static IEnumerable<RevisionProblem> Overlaps(IReadOnlyList<Declared> declared, IReadOnlyList<NodeHardening> others)
    {
        for (var i = 0; i < declared.Count; i++)
        {
            foreach (var other in declared.Skip(i + 1))
            {
                foreach (var key in Disagreements(declared[i].Value, other.Value))
                {
                    yield return new RevisionProblem(
                        other.Object.PositionOf($"spec.daemonJSON.{key}"),
                        $"NodeHardening {other.Object.Key}: {key} has another value in NodeHardening {declared[i].Object.Key} "
                        + $"({declared[i].Object.PositionOf($"spec.daemonJSON.{key}")}), and both may select the same node");
                }
            }

            foreach (var other in others)
            {
                foreach (var key in Disagreements(declared[i].Value, other))
                {
                    yield return new RevisionProblem(
                        declared[i].Object.PositionOf($"spec.daemonJSON.{key}"),
                        $"NodeHardening {declared[i].Object.Key}: {key} has another value in NodeHardening {other.Metadata.Name}, which is in force from another source, and both may select the same node");
                }
            }
        }
    }

    private static IEnumerable<string> Disagreements(NodeHardening left, NodeHardening right) =>
        MayShareNodes(left.Spec.NodeSelector, right.Spec.NodeSelector)
            ? left.Spec.DaemonJson.Where(p => right.Spec.DaemonJson.TryGetPropertyValue(p.Key, out var value) && !JsonNode.DeepEquals(p.Value, value)).Select(p => p.Key)
            : [];

    /// <summary>Two selectors exclude each other only by different values of the same label.</summary>
    private static bool MayShareNodes(IReadOnlyDictionary<string, string>? left, IReadOnlyDictionary<string, string>? right) =>
        left is null || right is null || left.All(l => !right.TryGetValue(l.Key, out var value) || value == l.Value);

    private static bool IsFalse(JsonNode? node) => node?.GetValueKind() == JsonValueKind.False;

    private sealed record Declared(DeclaredObject Object, NodeHardening Value);
}
