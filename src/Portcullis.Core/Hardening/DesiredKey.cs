using System.Text.Json.Nodes;

namespace Portcullis.Core.Hardening;

/// <summary>The desired value of a key, and the NodeHardening that declares it.</summary>
public sealed record DesiredKey(JsonNode Value, string Hardening, RestartPolicy RestartPolicy)
{
    /// <summary>Other NodeHardenings that declare the same value.</summary>
    public IReadOnlyList<DesiredKey> Also { get; init; } = [];

    public IEnumerable<string> Hardenings => Also.Select(k => k.Hardening).Prepend(Hardening);

    /// <summary>The same without refused NodeHardenings; null when none is left. The strictest restart policy applies.</summary>
    public DesiredKey? Without(IReadOnlySet<string> refused)
    {
        var left = Also.Prepend(this).Where(k => !refused.Contains(k.Hardening)).ToList();
        return left.Count == 0 ? null : left[0] with { RestartPolicy = left.Min(k => k.RestartPolicy), Also = [.. left.Skip(1)] };
    }
}
