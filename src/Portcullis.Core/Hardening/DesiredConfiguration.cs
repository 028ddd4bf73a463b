using System.Text.Json.Nodes;

namespace Portcullis.Core.Hardening;

/// <summary>
/// Everything that the NodeHardenings of one node declare. Keys of suspended and auditing ones are held: neither written nor removed.
/// </summary>
public sealed record DesiredConfiguration
{
    public required IReadOnlyDictionary<string, DesiredKey> Keys { get; init; }

    /// <summary>Keys that are left as they are although they are ours.</summary>
    public required IReadOnlySet<string> Held { get; init; }

    /// <summary>Keys of NodeHardenings in mode Audit, for the report.</summary>
    public required IReadOnlyDictionary<string, DesiredKey> Audited { get; init; }

    /// <summary>Keys for which two NodeHardenings declare different values; neither is written.</summary>
    public required IReadOnlyList<string> Conflicts { get; init; }

    /// <summary>The id of the restart that the rollout permits; null when none.</summary>
    public string? PermittedRestart { get; init; }

    public static DesiredConfiguration Nothing { get; } = For([], new Dictionary<string, string>());

    /// <summary>What was accepted last, while the present declarations are not known.</summary>
    public static DesiredConfiguration AsAccepted(IReadOnlyDictionary<string, OwnedKey> owned) => Nothing with
    {
        Keys = owned.Where(p => !p.Value.IsLeaving).ToDictionary(p => p.Key, p => new DesiredKey(p.Value.Value, p.Value.Hardening, p.Value.RestartPolicy), StringComparer.Ordinal),
    };

    /// <param name="all">All NodeHardenings.</param>
    /// <param name="nodeLabels">What selects the node.</param>
    /// <param name="isPaused">Whether somebody paused one, so that its keys are held; null: none is.</param>
    public static DesiredConfiguration For(
        IEnumerable<NodeHardening> all, IReadOnlyDictionary<string, string> nodeLabels, Func<NodeHardening, bool>? isPaused = null)
    {
        var keys = new Dictionary<string, DesiredKey>(StringComparer.Ordinal);
        var audited = new Dictionary<string, DesiredKey>(StringComparer.Ordinal);
        var held = new HashSet<string>(StringComparer.Ordinal);
        var conflicts = new List<string>();
        foreach (var hardening in NodeSelection.Of(all, nodeLabels))
        {
            foreach (var (key, value) in hardening.Spec.DaemonJson)
            {
                var desired = new DesiredKey(value ?? JsonValue.Create(""), hardening.Metadata.Name!, hardening.Spec.RestartPolicy);
                if (hardening.Spec.Suspend == true || isPaused?.Invoke(hardening) == true)
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
                    conflicts.Add($"{key} has different values in the NodeHardenings {first.Hardening} and {desired.Hardening}: keep one of them");
                }
            }
        }

        held.ExceptWith(keys.Keys);
        return new DesiredConfiguration { Keys = keys, Held = held, Audited = audited, Conflicts = conflicts };
    }
}
