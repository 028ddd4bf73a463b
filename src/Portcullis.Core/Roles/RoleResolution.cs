namespace Portcullis.Core.Roles;

/// <summary>
/// The rules of a role, and every problem with them. What is refused is left out, so the role is safe even when there are problems.
/// </summary>
public sealed record RoleResolution(ResolvedRole Role, IReadOnlyList<Problem> Problems)
{
    public static RoleResolution Of(string name, AccessRoleSpec spec)
    {
        var problems = new List<Problem>();
        if (BuiltInRoles.Find(name) is not null)
        {
            problems.Add(new Problem(RoleReasons.RoleRefused, "metadata.name", $"{name} is the name of a built-in role"));
        }

        var rules = new List<RoleRule>();
        var operations = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        for (var i = 0; i < (spec.Operations?.Count ?? 0); i++)
        {
            AddOperation(spec.Operations![i], $"spec.operations[{i}]", rules, operations, problems);
        }

        for (var i = 0; i < (spec.Rules?.Count ?? 0); i++)
        {
            var rule = spec.Rules![i];
            var found = RoleRules.Problems(rule).Select(p => new Problem(RoleReasons.RoleRefused, $"spec.rules[{i}].{p.Field}", p.Message)).ToList();
            problems.AddRange(found);
            if (found.Count == 0)
            {
                rules.Add(rule);
            }
        }

        return new RoleResolution(Build(name, rules, operations), problems);
    }

    internal static ResolvedRole Build(string name, IEnumerable<RoleRule> rules, IReadOnlyDictionary<string, IReadOnlyList<string>> operations)
    {
        var options = operations.Values
            .SelectMany(o => o)
            .Select(PodOptions.ByDockerName.GetValueOrDefault)
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToList();
        var all = options.Count == 0
            ? rules
            : rules.Append(new RoleRule
            {
                ApiGroups = [WellKnown.Group], Resources = [PodOptions.Resource], Verbs = [PodOptions.Verb], ResourceNames = options,
            });
        return new ResolvedRole { Name = name, Rules = RoleRules.Tidy(all), Options = options, Operations = operations };
    }

    private static void AddOperation(
        RoleOperation wanted,
        string field,
        List<RoleRule> rules,
        SortedDictionary<string, IReadOnlyList<string>> operations,
        List<Problem> problems)
    {
        if (!DockerOperations.All.TryGetValue(wanted.Name, out var operation))
        {
            var category = wanted.Name.Split(' ')[0];
            var known = DockerOperations.All.Keys.Where(k => k.StartsWith(category + " ", StringComparison.OrdinalIgnoreCase)).ToList();
            problems.Add(new Problem(RoleReasons.RoleRefused, $"{field}.name", known.Count == 0
                ? $"there is no operation '{wanted.Name}': operations begin with Config, Container, Image, Network, Node, Secret, Service or Volume"
                : $"there is no operation '{wanted.Name}'; there are {string.Join(", ", known)}"));
            return;
        }

        foreach (var option in (wanted.Options ?? []).Where(o => !operation.Options.Contains(o)))
        {
            problems.Add(new Problem(RoleReasons.RoleRefused, $"{field}.options", operation.Options.Count == 0
                ? $"{operation.Name} has no options"
                : $"{operation.Name} has no option '{option}'; it has {string.Join(", ", operation.Options)}"));
        }

        operations[operation.Name] = [.. (wanted.Options ?? []).Where(operation.Options.Contains).Distinct().Order(StringComparer.Ordinal)];
        rules.AddRange(operation.Rules);
    }
}
