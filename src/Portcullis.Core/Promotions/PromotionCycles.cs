namespace Portcullis.Core.Promotions;

/// <summary>
/// Chains of policies in which an image, or its successor under another tag, could come back to the policy that promoted it first. A chain is
/// none when the criteria on tags of one policy refuse what the one before it writes.
/// </summary>
internal static class PromotionCycles
{
    /// <summary>The shortest chain through each group of policies that lead to one another; the first name of a group by ordinals begins its chain.</summary>
    public static IReadOnlyList<IReadOnlyList<PromotionPolicy>> Of(IReadOnlyCollection<PromotionPolicy> policies, Func<PromotionPolicy, bool> mayBegin)
    {
        var next = Next([.. policies.OrderBy(p => p.Key)]);
        var found = new List<IReadOnlyList<PromotionPolicy>>();
        var named = new HashSet<ObjectKey>();
        foreach (var group in Groups(next))
        {
            foreach (var start in group.Where(mayBegin).OrderBy(p => p.Key).Where(p => !named.Contains(p.Key)))
            {
                if (ChainBack(start, next) is { } chain)
                {
                    found.Add(chain);
                    named.UnionWith(chain.Select(p => p.Key));
                }
            }
        }

        return [.. found.OrderBy(c => c[0].Key)];
    }

    private static Dictionary<ObjectKey, (PromotionPolicy Policy, List<PromotionPolicy> Next)> Next(List<PromotionPolicy> policies)
    {
        var bySource = policies.ToLookup(p => (p.Spec.Registry, p.Spec.Source.Repository));
        return policies.ToDictionary(p => p.Key, p =>
        {
            var tags = PossibleTags.Of(p.Spec);
            return (p, bySource[(p.Spec.Registry, p.Spec.Target.Repository)].Where(n => tags.CouldBePromotedBy(n.Spec)).ToList());
        });
    }

    /// <summary>
    /// The policies that lead to one another, each in one group (strongly connected components, by Kosaraju's two walks). Those that stand alone
    /// and do not lead to themselves are left out, so that searching for chains costs nothing where there are none.
    /// </summary>
    private static IEnumerable<List<PromotionPolicy>> Groups(Dictionary<ObjectKey, (PromotionPolicy Policy, List<PromotionPolicy> Next)> next)
    {
        var back = next.Values.SelectMany(n => n.Next.Select(to => (From: n.Policy, To: to))).ToLookup(e => e.To.Key, e => e.From);
        var order = new List<PromotionPolicy>();
        var seen = new HashSet<ObjectKey>();
        foreach (var (policy, _) in next.Values)
        {
            Walk(policy, p => next[p.Key].Next, seen, order);
        }

        seen.Clear();
        foreach (var policy in Enumerable.Reverse(order))
        {
            var group = new List<PromotionPolicy>();
            Walk(policy, p => back[p.Key], seen, group);
            if (group.Count > 1 || (group.Count == 1 && next[group[0].Key].Next.Contains(group[0])))
            {
                yield return group;
            }
        }
    }

    /// <summary>Visits what can be reached and was not seen, without recursion; each is added after all that it leads to.</summary>
    private static void Walk(PromotionPolicy start, Func<PromotionPolicy, IEnumerable<PromotionPolicy>> edges, HashSet<ObjectKey> seen, List<PromotionPolicy> ended)
    {
        if (!seen.Add(start.Key))
        {
            return;
        }

        var open = new Stack<(PromotionPolicy Policy, IEnumerator<PromotionPolicy> Left)>([(start, edges(start).GetEnumerator())]);
        while (open.TryPeek(out var top))
        {
            if (!top.Left.MoveNext())
            {
                ended.Add(open.Pop().Policy);
            }
            else if (seen.Add(top.Left.Current.Key))
            {
                open.Push((top.Left.Current, edges(top.Left.Current).GetEnumerator()));
            }
        }
    }

    private static List<PromotionPolicy>? ChainBack(PromotionPolicy start, Dictionary<ObjectKey, (PromotionPolicy Policy, List<PromotionPolicy> Next)> next)
    {
        var cameFrom = new Dictionary<ObjectKey, PromotionPolicy>();
        var open = new Queue<PromotionPolicy>([start]);
        while (open.TryDequeue(out var policy))
        {
            foreach (var to in next[policy.Key].Next)
            {
                if (to.Key == start.Key)
                {
                    return [.. Enumerable.Reverse(Path(policy, start, cameFrom))];
                }

                if (cameFrom.TryAdd(to.Key, policy))
                {
                    open.Enqueue(to);
                }
            }
        }

        return null;
    }

    private static IEnumerable<PromotionPolicy> Path(PromotionPolicy from, PromotionPolicy to, Dictionary<ObjectKey, PromotionPolicy> cameFrom)
    {
        for (var at = from; ; at = cameFrom[at.Key])
        {
            yield return at;
            if (at.Key == to.Key)
            {
                yield break;
            }
        }
    }
}
