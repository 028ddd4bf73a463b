using System.Collections.Immutable;

namespace Portcullis.Core.Collections;

/// <summary>One change of a membership: it collects the names that the change may concern, and decides those.</summary>
internal sealed class MembershipChange<TFact>(Membership<TFact> before, IMembershipRule<TFact> rule)
    where TFact : class, IMember
{
    private readonly ImmutableDictionary<string, TFact>.Builder _facts = before.Facts.ToBuilder();
    private readonly ImmutableDictionary<string, ImmutableSortedSet<MemberClaim>>.Builder _named = before.Named.ToBuilder();
    private readonly ImmutableSortedSet<Collection>.Builder _selecting = before.Selecting.ToBuilder();
    private readonly ImmutableDictionary<string, MemberVerdict>.Builder _verdicts = before.Verdicts.ToBuilder();
    private readonly ImmutableDictionary<string, ImmutableSortedSet<string>>.Builder _concerned = before.Concerned.ToBuilder();
    private readonly HashSet<string> _doubted = new(StringComparer.Ordinal);

    public Membership<TFact> Apply(ListChange<Collection> collections, ListChange<TFact> facts)
    {
        ApplyFacts(facts);
        foreach (var one in collections.Gone)
        {
            Drop(one);
        }

        foreach (var one in collections.Added)
        {
            Take(one);
        }

        foreach (var name in _doubted)
        {
            Decide(name);
        }

        return new Membership<TFact>
        {
            Facts = _facts.ToImmutable(),
            Named = _named.ToImmutable(),
            Selecting = _selecting.ToImmutable(),
            Verdicts = _verdicts.ToImmutable(),
            Concerned = _concerned.ToImmutable(),
        };
    }

    private void ApplyFacts(ListChange<TFact> facts)
    {
        foreach (var fact in facts.Gone)
        {
            _facts.Remove(fact.Name);
            _doubted.Add(fact.Name);
        }

        foreach (var fact in facts.Added)
        {
            _facts[fact.Name] = fact;
            _doubted.Add(fact.Name);
        }
    }

    private void Drop(Collection collection)
    {
        foreach (var (name, claim) in rule.ByName(collection))
        {
            _named.RemoveFrom(name, claim);
            _doubted.Add(name);
        }

        if (rule.Selector(collection) is not null)
        {
            _selecting.Remove(collection);
            _doubted.UnionWith(before.Concerned.GetValueOrDefault(collection.Key.Name) ?? ImmutableSortedSet<string>.Empty);
        }
    }

    private void Take(Collection collection)
    {
        foreach (var (name, claim) in rule.ByName(collection))
        {
            _named.AddTo(name, claim, MemberClaim.Oldest);
            _doubted.Add(name);
        }

        if (rule.Selector(collection) is { } selector)
        {
            _selecting.Add(collection);
            _doubted.UnionWith(_facts.Values.Where(f => selector.Matches(f.Labels)).Select(f => f.Name));
        }
    }

    private void Decide(string name)
    {
        var former = _verdicts.GetValueOrDefault(name);
        foreach (var collection in former?.Concerned ?? [])
        {
            _concerned.RemoveFrom(collection, name);
        }

        var fact = _facts.GetValueOrDefault(name);
        var claims = Claims(name, fact);
        if (claims.Count == 0 || rule.Decide(name, fact, claims) is not { } verdict)
        {
            _verdicts.Remove(name);
            return;
        }

        _verdicts[name] = verdict;
        foreach (var collection in verdict.Concerned)
        {
            _concerned.AddTo(collection, name, StringComparer.Ordinal);
        }
    }

    private List<MemberClaim> Claims(string name, TFact? fact)
    {
        var claims = new List<MemberClaim>(_named.GetValueOrDefault(name) ?? ImmutableSortedSet<MemberClaim>.Empty);
        if (fact is not null && _selecting.Count > 0)
        {
            var byName = claims.ToList();
            claims.AddRange(_selecting
                .Where(c => rule.Selector(c)!.Matches(fact.Labels) && rule.MayBeSelected(fact, c) && !byName.Exists(n => ReferenceEquals(n.Collection, c)))
                .Select(c => new MemberClaim(c, null, NamespaceMode.Adopt)));
        }

        return claims;
    }
}
