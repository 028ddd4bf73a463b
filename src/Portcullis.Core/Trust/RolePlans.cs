namespace Portcullis.Core.Trust;

/// <summary>The plans of all roles of a repository, from <c>targets</c> down: who may sign below a role follows from what the role lists.</summary>
internal sealed class RolePlans
{
    private readonly Dictionary<string, RoleKeys> _keys = new(StringComparer.Ordinal);
    private readonly HashSet<string> _signed;

    public RolePlans(TrustObservation observed, RoleKeys targets, DateTimeOffset now)
    {
        _keys[DelegationName.Top] = targets;
        var present = (observed.Server as ServerTrust.Present)?.Trust;
        var lists = new DeclaredLists(observed);
        var names = lists.Parents.Concat(present?.Delegated.Keys ?? []).Append(DelegationName.Top).ToHashSet(StringComparer.Ordinal);
        var all = new List<RolePlan>();
        foreach (var name in names.OrderBy(n => n.Count(c => c == '/')).ThenBy(n => n, StringComparer.Ordinal))
        {
            if (_keys.TryGetValue(name, out var keys))
            {
                all.Add(RolePlan.Of(lists, name, keys, now));
                all[^1].Delegations.ToList().ForEach(d => _keys[d.Name] = new RoleKeys(d.Keys, d.Threshold));
            }
        }

        All = all;
        _signed = all.Where(r => r.Change is not null).Select(r => r.Name).ToHashSet(StringComparer.Ordinal);
    }

    public IReadOnlyList<RolePlan> All { get; }

    /// <summary>Who signs for a role once the plan is done; null when nobody delegates to it any more.</summary>
    public RoleKeys? KeysOf(string role) => _keys.GetValueOrDefault(role);

    public bool IsSigned(string role) => _signed.Contains(role);
}
