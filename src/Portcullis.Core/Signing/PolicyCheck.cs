using System.Globalization;

namespace Portcullis.Core.Signing;

/// <summary>Holds one policy against what is signed of one digest.</summary>
internal static class PolicyCheck
{
    /// <summary>What is missing, in words; empty when the policy is satisfied.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="targets">What verified roles say of the digest.</param>
    /// <param name="teams">Whose keys are whose.</param>
    /// <param name="digest">The digest.</param>
    /// <param name="steps">Where each check is reported; null when no explanation is asked for.</param>
    public static IReadOnlyList<string> Of(SigningPolicy policy, IReadOnlyList<RoleTarget> targets, TeamKeys teams, string digest, List<SigningStep>? steps)
    {
        var (name, spec) = (policy.Key.Name, policy.Spec);
        var counted = targets.Where(t => SigningRoles.Counts(t.Role, spec.AcceptTargets == true)).ToList();
        if (spec.Teams().Count == 0)
        {
            var signed = counted.Select(t => t.Role).Distinct(StringComparer.Ordinal).ToList();
            return Report(name, signed.Count > 0, signed.Count > 0 ? $"{digest} is signed in {string.Join(", ", signed)}" : $"no signature counts{Aside(targets)}", steps);
        }

        var keys = counted.Where(t => SigningRoles.CountsForTeams(t.Role, spec.AcceptTargets == true)).SelectMany(t => t.Signers).ToHashSet(StringComparer.Ordinal);
        return [.. spec.Teams().SelectMany(r => OfTeam(name, r, teams, keys, Aside(targets), digest, steps))];
    }

    private static IReadOnlyList<string> OfTeam(string policy, RequiredTeam required, TeamKeys teams, HashSet<string> keys, string aside, string digest, List<SigningStep>? steps)
    {
        if (teams.Find(required.Team) is not { } team)
        {
            return Report(policy, false, $"there is no team {required.Team}, so that nobody can sign for it", steps);
        }

        var signers = team.SignersOf(keys);
        var found = signers.Count > 0 ? $"signed by {string.Join(", ", signers)}" : $"not signed by any of its members{aside}";
        var asked = string.Create(CultureInfo.InvariantCulture, $"{required.Team} needs {Pluralize.Of(required.Count(), "signature")}");
        return Report(policy, signers.Count >= required.Count(), $"{asked}: {digest} is {found}", steps);
    }

    private static IReadOnlyList<string> Report(string policy, bool passed, string message, List<SigningStep>? steps)
    {
        steps?.Add(new SigningStep($"policy {policy}", passed ? SigningOutcome.Passed : SigningOutcome.Failed, message));
        return passed ? [] : [$"{policy}: {message}"];
    }

    /// <summary>Says of signatures in roles that do not count that they are there: whoever made them would look for another mistake.</summary>
    private static string Aside(IReadOnlyList<RoleTarget> targets)
    {
        var roles = targets.Select(t => t.Role).Where(r => r is SigningRoles.Targets or SigningRoles.Releases).Distinct(StringComparer.Ordinal).ToList();
        return roles.Count == 0 ? "" : $" ({string.Join(" and ", roles)} {(roles.Count == 1 ? "does" : "do")} not count)";
    }
}
