using System.Globalization;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Trust;

/// <summary>What no schema can see of one TrustDelegation: keys that are none, roles without parents or signers.</summary>
internal static class TrustCheck
{
    public static IEnumerable<(string Field, string Message)> Of(TrustDelegationSpec spec)
    {
        if (spec.Initializes && spec.Targets is null)
        {
            yield return ("spec.targets", "trust data cannot be made without a targets key: name its Secret in spec.targets.keySecretRef, or set initialize: Never");
        }

        if (spec.Expiry?.WarnBefore is { } warning && !(KubernetesDuration.Parse(warning) <= DeclaredTrust.LongestWarning))
        {
            yield return ("spec.expiry.warnBefore", FormattableString.Invariant($"trust data that was just signed would be signed anew at once: {DeclaredTrust.LongestWarning.TotalHours}h at most"));
        }

        foreach (var problem in Keys(spec.Root.PublicKeys ?? [], "spec.root.publicKeys"))
        {
            yield return problem;
        }

        var roles = spec.Roles ?? [];
        var byName = roles.GroupBy(r => r.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        for (var i = 0; i < roles.Count; i++)
        {
            foreach (var (field, message) in OfRole(roles[i], byName))
            {
                yield return (string.Create(CultureInfo.InvariantCulture, $"spec.roles[{i}]{field}"), $"{roles[i].Name}: {message}");
            }
        }
    }

    private static IEnumerable<(string Field, string Message)> OfRole(TrustRole role, Dictionary<string, TrustRole> byName)
    {
        if (!DelegationName.IsLegal(role.Name))
        {
            yield return (".name", $"no role has more than {DelegationName.Longest} characters or {DelegationName.Deepest} parts below targets");
            yield break;
        }

        // A team may have any number of keys; each other signer has one.
        if (role.Threshold > role.Signers?.Count && role.Signers.All(s => s.Certificate is not null))
        {
            yield return (".threshold", FormattableString.Invariant($"{role.Signers.Count} of {role.Threshold} signers are named: nobody could sign for it. To ask for several people, use the threshold of a SigningPolicy"));
        }

        if (role.Signers is not { Count: > 0 })
        {
            yield return (".signers", "nobody could sign for it: name at least one signer");
        }

        foreach (var problem in (role.Signers ?? []).SelectMany(OfSigner))
        {
            yield return problem;
        }

        if (DelegationName.ParentOf(role.Name) is var parent && parent != DelegationName.Top)
        {
            foreach (var problem in OfParent(role, parent, byName))
            {
                yield return problem;
            }
        }
    }

    private static IEnumerable<(string Field, string Message)> OfParent(TrustRole role, string parent, Dictionary<string, TrustRole> byName)
    {
        if (!byName.TryGetValue(parent, out var above))
        {
            return [(".name", $"{parent}, which lists it, is not declared")];
        }

        var outside = (role.Paths ?? [""]).FirstOrDefault(p => !(above.Paths ?? [""]).Any(a => p.StartsWith(a, StringComparison.Ordinal)));
        return outside is null ? [] : [(".paths", $"\"{outside}\" is in none of the paths of {parent}")];
    }

    private static IEnumerable<(string Field, string Message)> OfSigner(TrustSigner signer, int index)
    {
        var field = string.Create(CultureInfo.InvariantCulture, $".signers[{index}]");
        if (new object?[] { signer.Certificate, signer.SecretRef, signer.Team, signer.User }.Count(f => f is not null) != 1)
        {
            return [(field, "name exactly one of certificate, secretRef, team and user")];
        }

        return signer.Certificate is { } text && TrustKeyText.Read(text, null).Problem is { } problem ? [($"{field}.certificate", problem)] : [];
    }

    private static IEnumerable<(string Field, string Message)> Keys(IReadOnlyList<string> texts, string field) =>
        from key in texts.Select((text, i) => (Text: text, Field: string.Create(CultureInfo.InvariantCulture, $"{field}[{i}]")))
        let problem = TrustKeyText.Read(key.Text, null).Problem
        where problem is not null
        select (key.Field, problem);
}
