using Portcullis.Core.Criteria;
using Portcullis.Core.Kinds;
using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;

namespace Portcullis.Core.Promotions;

/// <summary>What is wrong with the policies of a revision; with those in force besides it, no chain of policies leads back to where it began.</summary>
public sealed class PromotionPolicyRule : IRevisionRule
{
    public IEnumerable<RevisionProblem> Check(DeclaredRevision revision)
    {
        var declared = revision.Of(PromotionPolicy.Definition).Select(o => (Object: o, Policy: TypedObject.Read<PromotionPolicy>(o.Value))).OrderBy(d => d.Object.Key).ToList();
        if (declared.Count == 0)
        {
            return [];
        }

        var world = new World(
            All<Registry>(revision).Select(r => r.Key.Name).ToHashSet(StringComparer.Ordinal),
            All<Repository>(revision).GroupBy(r => r.Spec.Registry, StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => g.Select(r => r.Spec.Name).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal),
            revision);
        return declared.SelectMany(d => Problems(d.Policy.Spec, world).Select(p => Problem(d.Object, p.Field, p.Message))).Concat(Cycles(declared, revision));
    }

    private static IEnumerable<(string Field, string Message)> Problems(PromotionPolicySpec spec, World world) =>
    [
        .. world.ProblemsOf(spec),
        .. TagTemplate.ProblemOf(spec.Target.Template) is { } problem ? [("spec.target.tagTemplate", problem)] : (IEnumerable<(string, string)>)[],
        .. CriteriaCheck.Of(spec.Criteria, "spec.criteria"),
        .. FreezeWindows.Check(spec.FreezeWindows, "spec.freezeWindows"),
    ];

    private static IEnumerable<RevisionProblem> Cycles(List<(DeclaredObject Object, PromotionPolicy Policy)> declared, DeclaredRevision revision)
    {
        var objects = declared.ToDictionary(d => d.Policy.Key, d => d.Object);
        return
            from policy in PromotionCycles.Of([.. All<PromotionPolicy>(revision)], p => objects.ContainsKey(p.Key)).SelectMany(c => c.Select((p, i) => (p.Key, Chain: (List<PromotionPolicy>)[.. c.Skip(i), .. c.Take(i)])))
                .DistinctBy(p => p.Key).OrderBy(p => p.Key)
            where objects.ContainsKey(policy.Key)
            select Problem(objects[policy.Key], "spec.target.repository", Words(policy.Chain));
    }

    private static string Words(List<PromotionPolicy> chain)
    {
        var way = string.Join(" → ", chain.Select(p => p.Spec.Source.Repository).Append(chain[0].Spec.Source.Repository));
        var others = chain.Count == 1 ? "" : $" by {string.Join(", ", chain.Select(p => p.Key.Name))}";
        return $"what it promotes could come back to it{others}: {way}. Promote to another repository, or let criteria on the tag (Equals, OneOf, StartsWith, EndsWith) refuse what was promoted";
    }

    private static RevisionProblem Problem(DeclaredObject one, string field, string message) =>
        new(one.PositionOf(field), $"PromotionPolicy {one.Key}: {message}");

    private static IEnumerable<T> All<T>(DeclaredRevision revision)
        where T : class, IResource<T> =>
        revision.Of(T.Definition)
            .Select(d => TypedObject.Read<T>(d.Value))
            .Concat(TypedObject.InForce<T>(revision))
            .Where(o => o.Metadata.Name is not null)
            .DistinctBy(o => o.Metadata.Key);

    /// <summary>The registries and repositories that a policy may name.</summary>
    private sealed record World(HashSet<string> Registries, Dictionary<string, HashSet<string>> Repositories, DeclaredRevision Revision)
    {
        public IEnumerable<(string Field, string Message)> ProblemsOf(PromotionPolicySpec spec)
        {
            if (!Registries.Contains(spec.Registry))
            {
                return Revision.MayHold(Registry.Definition, spec.Registry) ? [] : [("spec.registry", $"there is no Registry {spec.Registry}{Near(spec.Registry, Registries)}")];
            }

            // A Repository that was refused may be the one that is named here: one mistake, one line.
            return Revision.MayHold(Repository.Definition)
                ? []
                : [.. Unknown("spec.source.repository", spec.Registry, spec.Source.Repository), .. Unknown("spec.target.repository", spec.Registry, spec.Target.Repository)];
        }

        private IEnumerable<(string Field, string Message)> Unknown(string field, string registry, string name)
        {
            var known = Repositories.GetValueOrDefault(registry) ?? [];
            return known.Contains(name) ? [] : [(field, $"no Repository declares {name} in the Registry {registry}{Near(name, known)}")];
        }

        private static string Near(string wrong, IReadOnlyCollection<string> names) => Spelling.Nearest(wrong, names) is { } name ? $"; did you mean {name}?" : "";
    }
}
