using System.ComponentModel;

namespace Portcullis.Core.Collections;

/// <summary>What no member of a collection may exceed.</summary>
public sealed record Guardrails
{
    [Description("The Pod Security level enforced in every namespace.")]
    public PodSecurityLevel? PodSecurity { get; init; }

    [Description("A ResourceQuota for each namespace (not a sum over the collection).")]
    public ResourceQuotaGuardrail? ResourceQuota { get; init; }

    [Description("A LimitRange for each namespace.")]
    public LimitRangeGuardrail? LimitRange { get; init; }

    [Description("Who may open connections to the pods: None (everybody), Subtree (this collection and those below), Collection (only its own).")]
    public NetworkIsolation? NetworkIsolation { get; init; }

    [Description("True: pods of this collection and those below run only on its nodes, and no other pods do.")]
    public bool? NodeIsolation { get; init; }
}

/// <summary>The Pod Security Standards, from loosest to strictest.</summary>
public enum PodSecurityLevel
{
    Privileged,
    Baseline,
    Restricted,
}

/// <summary>From loosest to strictest.</summary>
public enum NetworkIsolation
{
    None,
    Subtree,
    Collection,
}

/// <summary>Upper bounds as in ResourceQuota.</summary>
public sealed record ResourceQuotaGuardrail
{
    [Description("As spec.hard of a ResourceQuota: cpu, requests.memory, pods, count/jobs.batch …")]
    [Items(100, Minimum = 1)]
    public required IReadOnlyDictionary<string, IntOrString> Hard { get; init; }
}

/// <summary>Bounds and defaults as in LimitRange.</summary>
public sealed record LimitRangeGuardrail
{
    [ListMap("type")]
    [Items(3, Minimum = 1)]
    [Description("The limits, as in a LimitRange.")]
    public required IReadOnlyList<LimitRangeItem> Limits { get; init; }
}

/// <summary>What a limit is about.</summary>
public enum LimitRangeType
{
    Container,
    Pod,
    PersistentVolumeClaim,
}

/// <summary>One entry of a LimitRange. max falls and min rises on the way down the tree; defaults are the nearest ones given.</summary>
[Rule("self.type == 'Container' || !(has(self.default) || has(self.defaultRequest))", "default and defaultRequest are for type Container")]
public sealed record LimitRangeItem
{
    [Description("What is limited: a container, a pod or a claim of storage.")]
    public required LimitRangeType Type { get; init; }

    [Items(20)]
    [Description("The most that one may have of each resource.")]
    public IReadOnlyDictionary<string, IntOrString>? Max { get; init; }

    [Items(20)]
    [Description("The least that one must have of each resource.")]
    public IReadOnlyDictionary<string, IntOrString>? Min { get; init; }

    [Description("The limit of a container that sets none.")]
    [Items(20)]
    public IReadOnlyDictionary<string, IntOrString>? Default { get; init; }

    [Description("The request of a container that sets none.")]
    [Items(20)]
    public IReadOnlyDictionary<string, IntOrString>? DefaultRequest { get; init; }

    [Items(20)]
    [Description("How many times its request a limit may be.")]
    public IReadOnlyDictionary<string, IntOrString>? MaxLimitRequestRatio { get; init; }
}
