using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Portcullis.Objects;

/// <summary>
/// Chooses objects by their labels (meta/v1 LabelSelector): every part must hold. An empty selector chooses everything, as in Kubernetes.
/// </summary>
public sealed record LabelSelector
{
    [Items(20)]
    [Description("Labels that must all be there with these values.")]
    public IReadOnlyDictionary<string, string>? MatchLabels { get; init; }

    [Items(20)]
    [Description("Terms that must all hold.")]
    public IReadOnlyList<LabelSelectorRequirement>? MatchExpressions { get; init; }

    public bool Matches(IReadOnlyDictionary<string, string>? labels)
    {
        labels ??= NoLabels;
        return (MatchLabels ?? NoLabels).All(wanted => labels.TryGetValue(wanted.Key, out var value) && value == wanted.Value)
            && (MatchExpressions ?? []).All(requirement => requirement.Matches(labels));
    }

    private static readonly Dictionary<string, string> NoLabels = [];
}

/// <summary>What a label must, or must not, be.</summary>
public enum LabelSelectorOperator
{
    In,
    NotIn,
    Exists,
    DoesNotExist,
}

/// <summary>One requirement. A label that is absent satisfies NotIn (labels.Requirement.Matches).</summary>
[Rule("self.operator in ['In', 'NotIn'] ? has(self.values) && size(self.values) > 0 : !has(self.values) || size(self.values) == 0", "In and NotIn need values; Exists and DoesNotExist take none")]
public sealed record LabelSelectorRequirement
{
    [StringLength(317, MinimumLength = 1)]
    [Description("The key of the label.")]
    public required string Key { get; init; }

    [Description("In, NotIn, Exists or DoesNotExist.")]
    public required LabelSelectorOperator Operator { get; init; }

    [Items(50)]
    [Description("The values for In and NotIn.")]
    public IReadOnlyList<string>? Values { get; init; }

    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        var present = labels.TryGetValue(Key, out var value);
        return Operator switch
        {
            LabelSelectorOperator.In => present && (Values ?? []).Contains(value!),
            LabelSelectorOperator.NotIn => !present || !(Values ?? []).Contains(value!),
            LabelSelectorOperator.Exists => present,
            _ => !present,
        };
    }
}
