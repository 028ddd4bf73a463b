namespace Portcullis.Core.Trust;

/// <summary>The delegations that one role lists, as they are and as they must be.</summary>
/// <param name="Wanted">The whole list as it must be.</param>
/// <param name="Changes">What makes it so.</param>
/// <param name="Reverts">What of it somebody had changed on the server.</param>
/// <param name="Drift">What differs from the declaration and stays so.</param>
internal sealed record DelegationList(IReadOnlyList<PublishedDelegation> Wanted, IReadOnlyList<TrustDifference> Changes, IReadOnlyList<string> Reverts, IReadOnlyList<string> Drift)
{
    public static DelegationList Of(DeclaredLists lists, string parent, PublishedRole? present)
    {
        var declared = lists.Below(parent);
        var list = new Building(declared, lists.Observed.Declared.Prunes, KeepsDrift: lists.IsAsBefore && !lists.Observed.Declared.Reverts);
        foreach (var one in present?.Delegations ?? [])
        {
            list.Add(one);
        }

        foreach (var role in declared.Values.Where(r => !list.Has(r.Name)).OrderBy(r => r.Name, StringComparer.Ordinal))
        {
            list.AddMissing(role);
        }

        return new DelegationList(list.Wanted, list.Changes, lists.IsAsBefore ? [.. list.Changes.Select(c => c.Finding)] : [], list.Drift);
    }

    private sealed record Building(Dictionary<string, DeclaredRole> Declared, bool Prunes, bool KeepsDrift)
    {
        private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

        public List<PublishedDelegation> Wanted { get; } = [];

        public List<TrustDifference> Changes { get; } = [];

        public List<string> Drift { get; } = [];

        public bool Has(string name) => _seen.Contains(name);

        public void Add(PublishedDelegation present)
        {
            _seen.Add(present.Name);
            if (!Declared.TryGetValue(present.Name, out var declared))
            {
                AddUndeclared(present);
            }
            else if (TrustWords.Differences(declared, present) is { Count: > 0 } differences)
            {
                Report(differences);
                Wanted.Add(KeepsDrift ? present : Declare(declared, present));
            }
            else
            {
                Wanted.Add(present);
            }
        }

        public void AddMissing(DeclaredRole role)
        {
            Report(TrustWords.Differences(role, null));
            if (!KeepsDrift)
            {
                Wanted.Add(Declare(role, null));
            }
        }

        private void AddUndeclared(PublishedDelegation present)
        {
            var finding = $"{present.Name} with {(present.Keys.Count == 0 ? "no key" : $"the keys {TrustWords.Of(present.Keys)}")} is not declared";
            if (Prunes)
            {
                Changes.Add(new TrustDifference(finding, $"remove {present.Name}, which nobody declares"));
            }
            else
            {
                Drift.Add(finding);
                Wanted.Add(present);
            }
        }

        private void Report(IReadOnlyList<TrustDifference> differences)
        {
            if (KeepsDrift)
            {
                Drift.AddRange(differences.Select(d => d.Finding));
            }
            else
            {
                Changes.AddRange(differences);
            }
        }

        /// <summary>A key that is listed already stays listed as it is: its certificate may be another one than the declared.</summary>
        private static PublishedDelegation Declare(DeclaredRole role, PublishedDelegation? present) =>
            new(role.Name, [.. role.Keys.Select(k => present?.Keys.FirstOrDefault(p => p.CanonicalId == k.CanonicalId) ?? k)], role.Threshold, role.Paths);
    }
}
