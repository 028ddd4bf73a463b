namespace Portcullis.Core.Collections;

/// <summary>Whose pods may connect: those in the subtree of <see cref="Path"/>, or, when exact, those in that collection alone.</summary>
public sealed record NetworkAnchor(string Path, string CollectionName, bool Exact);

/// <summary>The bounds of one LimitRange entry after inheritance.</summary>
public sealed record EffectiveLimits
{
    public IReadOnlyDictionary<string, IntOrString> Max { get; init; } = Empty;

    public IReadOnlyDictionary<string, IntOrString> Min { get; init; } = Empty;

    public IReadOnlyDictionary<string, IntOrString> Default { get; init; } = Empty;

    public IReadOnlyDictionary<string, IntOrString> DefaultRequest { get; init; } = Empty;

    public IReadOnlyDictionary<string, IntOrString> MaxLimitRequestRatio { get; init; } = Empty;

    private static SortedDictionary<string, IntOrString> Empty { get; } = new(StringComparer.Ordinal);
}

/// <summary>What binds the members of one collection: the strictest of what it says and what its ancestors say.</summary>
public sealed record EffectiveGuardrails
{
    public static EffectiveGuardrails Nothing { get; } = new();

    public PodSecurityLevel? PodSecurity { get; init; }

    public IReadOnlyDictionary<string, IntOrString> Quota { get; init; } = new SortedDictionary<string, IntOrString>(StringComparer.Ordinal);

    public IReadOnlyDictionary<LimitRangeType, EffectiveLimits> Limits { get; init; } = new SortedDictionary<LimitRangeType, EffectiveLimits>();

    public NetworkAnchor? Network { get; init; }

    /// <summary>The collection (by name) whose nodes these pods run on; null when nodes are not isolated.</summary>
    public string? NodePool { get; init; }

    /// <summary>As a status shows them.</summary>
    public Guardrails? ToGuardrails()
    {
        if (PodSecurity is null && Quota.Count == 0 && Limits.Count == 0 && Network is null && NodePool is null)
        {
            return null;
        }

        return new Guardrails
        {
            PodSecurity = PodSecurity,
            ResourceQuota = Quota.Count == 0 ? null : new ResourceQuotaGuardrail { Hard = Quota },
            LimitRange = Limits.Count == 0 ? null : new LimitRangeGuardrail { Limits = [.. Limits.Select(l => ToItem(l.Key, l.Value))] },
            NetworkIsolation = Network is null ? null : Network.Exact ? NetworkIsolation.Collection : NetworkIsolation.Subtree,
            NodeIsolation = NodePool is null ? null : true,
        };
    }

    internal static LimitRangeItem ToItem(LimitRangeType type, EffectiveLimits limits) => new()
    {
        Type = type,
        Max = OrNull(limits.Max),
        Min = OrNull(limits.Min),
        Default = OrNull(limits.Default),
        DefaultRequest = OrNull(limits.DefaultRequest),
        MaxLimitRequestRatio = OrNull(limits.MaxLimitRequestRatio),
    };

    private static IReadOnlyDictionary<string, IntOrString>? OrNull(IReadOnlyDictionary<string, IntOrString> map) => map.Count == 0 ? null : map;
}
