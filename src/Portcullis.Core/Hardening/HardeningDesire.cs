using System.Text.Json.Nodes;

namespace Portcullis.Core.Hardening;

/// <summary>One key as asked, and by whom.</summary>
public sealed record DesiredKey(JsonNode Value, string Hardening, RestartPolicy RestartPolicy)
{
    /// <summary>Who else asks for the same value.</summary>
    public IReadOnlyList<DesiredKey> Also { get; init; } = [];

    public IEnumerable<string> Askers => Also.Select(k => k.Hardening).Prepend(Hardening);

    /// <summary>The same without those who may not ask; null when nobody is left. The most careful policy counts.</summary>
    public DesiredKey? Without(IReadOnlySet<string> refused)
    {
        var left = Also.Prepend(this).Where(k => !refused.Contains(k.Hardening)).ToList();
        return left.Count == 0 ? null : left[0] with { RestartPolicy = left.Min(k => k.RestartPolicy), Also = [.. left.Skip(1)] };
    }
}

/// <summary>
/// Everything that the NodeHardenings selecting one node ask of it. Keys of suspended and auditing ones are held: neither written nor
/// removed.
/// </summary>
public sealed record HardeningDesire
{
    public required IReadOnlyDictionary<string, DesiredKey> Keys { get; init; }

    /// <summary>Keys to leave as they are even though we own them.</summary>
    public required IReadOnlySet<string> Held { get; init; }

    /// <summary>What auditing ones would like, for the report.</summary>
    public required IReadOnlyDictionary<string, DesiredKey> Audited { get; init; }

    /// <summary>Keys on which two of them disagree; none of the two values is written.</summary>
    public required IReadOnlyList<string> Conflicts { get; init; }

    /// <summary>The restart permitted by the rollout, by its id; null when none is.</summary>
    public string? PermittedRestart { get; init; }

    public static HardeningDesire Nothing { get; } = For([], new Dictionary<string, string>());

    /// <summary>What was accepted last, for as long as nobody can say what is asked now.</summary>
    public static HardeningDesire AsAccepted(IReadOnlyDictionary<string, OwnedKey> owned) => Nothing with
    {
        Keys = owned.Where(p => !p.Value.IsLeaving).ToDictionary(p => p.Key, p => new DesiredKey(p.Value.Value, p.Value.Hardening, p.Value.RestartPolicy), StringComparer.Ordinal),
    };

    /// <summary>The NodeHardenings that select a node and are not going away, by name.</summary>
    public static IReadOnlyList<NodeHardening> Selecting(IEnumerable<NodeHardening> all, IReadOnlyDictionary<string, string> nodeLabels) =>
        [.. all.Where(h => !h.Metadata.IsBeingDeleted && Selects(h.Spec, nodeLabels)).OrderBy(h => h.Metadata.Name, StringComparer.Ordinal)];

    public static bool Selects(NodeHardeningSpec spec, IReadOnlyDictionary<string, string> nodeLabels) =>
        spec.NodeSelector is null || spec.NodeSelector.All(s => nodeLabels.TryGetValue(s.Key, out var value) && value == s.Value);

    public static HardeningDesire For(IEnumerable<NodeHardening> all, IReadOnlyDictionary<string, string> nodeLabels)
    {
        var keys = new Dictionary<string, DesiredKey>(StringComparer.Ordinal);
        var audited = new Dictionary<string, DesiredKey>(StringComparer.Ordinal);
        var held = new HashSet<string>(StringComparer.Ordinal);
        var conflicts = new List<string>();
        foreach (var hardening in Selecting(all, nodeLabels))
        {
            foreach (var (key, value) in hardening.Spec.DaemonJson)
            {
                var desired = new DesiredKey(value ?? JsonValue.Create(""), hardening.Metadata.Name!, hardening.Spec.RestartPolicy);
                if (hardening.Spec.Suspend == true)
                {
                    held.Add(key);
                }
                else if (hardening.Spec.Mode == HardeningMode.Audit)
                {
                    held.Add(key);
                    audited.TryAdd(key, desired);
                }
                else if (!keys.TryGetValue(key, out var first))
                {
                    keys[key] = desired;
                }
                else if (JsonNode.DeepEquals(first.Value, value))
                {
                    keys[key] = first with { Also = [.. first.Also, desired] };
                }
                else
                {
                    conflicts.Add($"{key} has another value in NodeHardening {first.Hardening} than in {desired.Hardening}: keep one of them");
                }
            }
        }

        held.ExceptWith(keys.Keys);
        return new HardeningDesire { Keys = keys, Held = held, Audited = audited, Conflicts = conflicts };
    }
}
