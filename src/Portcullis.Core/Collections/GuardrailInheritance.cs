using Portcullis.Core.Kinds;

namespace Portcullis.Core.Collections;

/// <summary>A field of a collection that says something impossible.</summary>
public sealed record GuardrailProblem(string Field, string Message);

/// <summary>
/// Guardrails on the way down the tree: the strictest wins, always, and a child that is looser gets a problem that names the field. Even then the strict
/// value is in force, so a mistake never opens anything.
/// </summary>
public static class GuardrailInheritance
{
    private const string Root = "spec.guardrails";

    /// <summary>What holds for a collection, given what holds for its parent.</summary>
    public static (EffectiveGuardrails Effective, IReadOnlyList<GuardrailProblem> Problems) Combine(
        EffectiveGuardrails parent, Guardrails? own, string path, string collectionName)
    {
        if (own is null)
        {
            return (parent.Network is { Exact: true } ? parent with { Network = new NetworkAnchor(path, collectionName, true) } : parent, []);
        }

        var problems = new List<GuardrailProblem>();
        return (new EffectiveGuardrails
        {
            PodSecurity = PodSecurity(parent.PodSecurity, own.PodSecurity, problems),
            Quota = Lower(parent.Quota, Bounded(own.ResourceQuota?.Hard, problems), $"{Root}.resourceQuota.hard", problems),
            Limits = Limits(parent.Limits, own.LimitRange, problems),
            Network = Network(parent.Network, own.NetworkIsolation, path, collectionName, problems),
            NodePool = Nodes(parent.NodePool, own.NodeIsolation, collectionName, problems),
        }, problems);
    }

    /// <summary>A server refuses a quota whole for one name that it does not know.</summary>
    private static Dictionary<string, IntOrString> Bounded(IReadOnlyDictionary<string, IntOrString>? hard, List<GuardrailProblem> problems)
    {
        var known = new Dictionary<string, IntOrString>(StringComparer.Ordinal);
        foreach (var (name, value) in hard ?? new Dictionary<string, IntOrString>())
        {
            if (QuotaResource.IsName(name))
            {
                known.Add(name, value);
                continue;
            }

            var near = Spelling.Nearest(name, QuotaResource.Standard) is { } meant ? $"; did you mean {meant}?" : "";
            problems.Add(new GuardrailProblem($"{Root}.resourceQuota.hard.{name}", $"{name} is not a resource that a ResourceQuota can limit{near}"));
        }

        return known;
    }

    /// <summary>A server refuses a LimitRange whose limit may be less than the request.</summary>
    private static Dictionary<string, IntOrString> Ratios(IReadOnlyDictionary<string, IntOrString>? own, string field, List<GuardrailProblem> problems)
    {
        var possible = new Dictionary<string, IntOrString>(StringComparer.Ordinal);
        foreach (var (name, value) in own ?? new Dictionary<string, IntOrString>())
        {
            if (Quantity.Parse(value.Text) is { Value: < 1 and >= 0 })
            {
                problems.Add(new GuardrailProblem($"{field}.{name}", $"the ratio {value} is less than 1: a limit is never less than its request"));
                continue;
            }

            possible.Add(name, value);
        }

        return possible;
    }

    private static PodSecurityLevel? PodSecurity(PodSecurityLevel? parent, PodSecurityLevel? own, List<GuardrailProblem> problems)
    {
        if (own < parent)
        {
            problems.Add(new GuardrailProblem($"{Root}.podSecurity", $"{own} is looser than {parent}, which an ancestor requires"));
        }

        return own is null || own < parent ? parent : own;
    }

    private static NetworkAnchor? Network(
        NetworkAnchor? parent, NetworkIsolation? own, string path, string collectionName, List<GuardrailProblem> problems)
    {
        var inherited = parent is null ? NetworkIsolation.None : parent.Exact ? NetworkIsolation.Collection : NetworkIsolation.Subtree;
        if (own < inherited)
        {
            problems.Add(new GuardrailProblem($"{Root}.networkIsolation", $"{own} is looser than {inherited}, which an ancestor requires"));
        }

        var strictest = own > inherited ? own.Value : inherited;
        return strictest switch
        {
            NetworkIsolation.Collection => new NetworkAnchor(path, collectionName, true),
            NetworkIsolation.Subtree => own == NetworkIsolation.Subtree ? new NetworkAnchor(path, collectionName, false) : parent,
            _ => null,
        };
    }

    private static string? Nodes(string? parent, bool? own, string collectionName, List<GuardrailProblem> problems)
    {
        if (own == false && parent is not null)
        {
            problems.Add(new GuardrailProblem($"{Root}.nodeIsolation", $"false is looser than true, which the collection {parent} requires"));
        }

        return own == true ? collectionName : parent;
    }

    private static SortedDictionary<LimitRangeType, EffectiveLimits> Limits(
        IReadOnlyDictionary<LimitRangeType, EffectiveLimits> parent, LimitRangeGuardrail? own, List<GuardrailProblem> problems)
    {
        var result = new SortedDictionary<LimitRangeType, EffectiveLimits>(parent.ToDictionary(p => p.Key, p => p.Value));
        var items = own?.Limits ?? [];
        for (var i = 0; i < items.Count; i++)
        {
            var item = items[i];
            var field = $"{Root}.limitRange.limits[{i}]";
            var inherited = parent.GetValueOrDefault(item.Type) ?? new EffectiveLimits();
            var combined = new EffectiveLimits
            {
                Max = Lower(inherited.Max, item.Max, $"{field}.max", problems),
                Min = Higher(inherited.Min, item.Min, $"{field}.min", problems),
                MaxLimitRequestRatio = Lower(inherited.MaxLimitRequestRatio, Ratios(item.MaxLimitRequestRatio, $"{field}.maxLimitRequestRatio", problems), $"{field}.maxLimitRequestRatio", problems),
                Default = Nearest(inherited.Default, item.Default, $"{field}.default", problems),
                DefaultRequest = Nearest(inherited.DefaultRequest, item.DefaultRequest, $"{field}.defaultRequest", problems),
            };
            CheckOrder(combined, field, problems);
            result[item.Type] = Clamp(combined);
        }

        return result;
    }

    /// <summary>A LimitRange whose default exceeds its max is refused by the API server; an inherited default simply follows the bounds.</summary>
    private static EffectiveLimits Clamp(EffectiveLimits limits)
    {
        var capped = Bound(limits.Default, limits.Max, limits.Min);
        return limits with
        {
            Default = capped,
            DefaultRequest = Bound(limits.DefaultRequest, new SortedDictionary<string, IntOrString>(
                limits.Max.Concat(capped).GroupBy(p => p.Key).ToDictionary(g => g.Key, g => g.Last().Value), StringComparer.Ordinal), limits.Min),
        };
    }

    private static SortedDictionary<string, IntOrString> Bound(
        IReadOnlyDictionary<string, IntOrString> values, IReadOnlyDictionary<string, IntOrString> max, IReadOnlyDictionary<string, IntOrString> min)
    {
        var result = new SortedDictionary<string, IntOrString>(StringComparer.Ordinal);
        foreach (var (name, value) in values)
        {
            var bounded = value;
            if (max.TryGetValue(name, out var upper) && Quantity.Parse(bounded.Text) > Quantity.Parse(upper.Text))
            {
                bounded = upper;
            }

            if (min.TryGetValue(name, out var lower) && Quantity.Parse(bounded.Text) < Quantity.Parse(lower.Text))
            {
                bounded = lower;
            }

            result[name] = bounded;
        }

        return result;
    }

    private static void CheckOrder(EffectiveLimits limits, string field, List<GuardrailProblem> problems)
    {
        foreach (var (name, min) in limits.Min)
        {
            if (limits.Max.TryGetValue(name, out var max) && Quantity.Parse(min.Text) > Quantity.Parse(max.Text))
            {
                problems.Add(new GuardrailProblem($"{field}.min.{name}", $"the minimum {min} is above the maximum {max}"));
            }
        }
    }

    private static SortedDictionary<string, IntOrString> Lower(
        IReadOnlyDictionary<string, IntOrString> parent, IReadOnlyDictionary<string, IntOrString>? own, string field, List<GuardrailProblem> problems) =>
        Tighten(parent, own, field, problems, (mine, inherited) => mine > inherited, "above", "allows");

    private static SortedDictionary<string, IntOrString> Higher(
        IReadOnlyDictionary<string, IntOrString> parent, IReadOnlyDictionary<string, IntOrString>? own, string field, List<GuardrailProblem> problems) =>
        Tighten(parent, own, field, problems, (mine, inherited) => mine < inherited, "below", "requires");

    private static SortedDictionary<string, IntOrString> Nearest(
        IReadOnlyDictionary<string, IntOrString> parent, IReadOnlyDictionary<string, IntOrString>? own, string field, List<GuardrailProblem> problems) =>
        Tighten(parent, own, field, problems, (_, _) => false, "", "");

    private static SortedDictionary<string, IntOrString> Tighten(
        IReadOnlyDictionary<string, IntOrString> parent,
        IReadOnlyDictionary<string, IntOrString>? own,
        string field,
        List<GuardrailProblem> problems,
        Func<Quantity, Quantity, bool> isLooser,
        string relation,
        string verb)
    {
        var result = new SortedDictionary<string, IntOrString>(parent.ToDictionary(p => p.Key, p => p.Value), StringComparer.Ordinal);
        foreach (var (name, value) in own ?? new Dictionary<string, IntOrString>())
        {
            if (Quantity.Parse(value.Text) is not { } mine || mine.Value < 0)
            {
                problems.Add(new GuardrailProblem($"{field}.{name}", $"'{value}' is not a quantity such as 500m, 2 or 4Gi"));
                continue;
            }

            if (parent.TryGetValue(name, out var inherited) && Quantity.Parse(inherited.Text) is { } bound && isLooser(mine, bound))
            {
                problems.Add(new GuardrailProblem($"{field}.{name}", $"{value} is {relation} the {inherited} that an ancestor {verb}"));
                continue;
            }

            result[name] = value;
        }

        return result;
    }
}
