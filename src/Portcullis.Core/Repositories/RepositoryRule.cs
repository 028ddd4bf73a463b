using Portcullis.Core.Kinds;
using Portcullis.Core.Registries;

namespace Portcullis.Core.Repositories;

/// <summary>A repository's registry exists, its image name is not too long, and no other object declares the same repository.</summary>
public sealed class RepositoryRule : IRevisionRule
{
    private const int LongestImageName = 255;

    public IEnumerable<RevisionProblem> Check(DeclaredRevision revision)
    {
        var registries = revision.Of(Registry.Definition).Select(o => TypedObject.Read<Registry>(o.Value)).Concat(TypedObject.InForce<Registry>(revision))
            .Where(r => r.Metadata.Name is not null).DistinctBy(r => r.Metadata.Name).ToDictionary(r => r.Metadata.Name!, StringComparer.Ordinal);
        var declared = revision.Of(Repository.Definition).Select(o => (Object: o, TypedObject.Read<Repository>(o.Value).Spec)).OrderBy(d => d.Object.Key).ToList();
        return declared.SelectMany(d => OfRegistry(d.Object, d.Spec, registries, revision).Concat(RepositoryCheck.Of(d.Spec)
            .Select(p => new RevisionProblem(d.Object.PositionOf(p.Field), $"Repository {d.Object.Key}: {p.Message}")))).Concat(Duplicates(declared));
    }

    private static IEnumerable<RevisionProblem> OfRegistry(
        DeclaredObject one, RepositorySpec spec, Dictionary<string, Registry> registries, DeclaredRevision revision)
    {
        if (!registries.TryGetValue(spec.Registry, out var registry))
        {
            if (!revision.MayHold(Registry.Definition, spec.Registry))
            {
                var near = Spelling.Nearest(spec.Registry, [.. registries.Keys]) is { } name ? $"; did you mean {name}?" : "";
                yield return new RevisionProblem(one.PositionOf("spec.registry"), $"Repository {one.Key}: there is no Registry {spec.Registry}{near}");
            }
        }
        else if (registry.Spec.Host.Length + 1 + spec.Name.Length > LongestImageName)
        {
            yield return new RevisionProblem(one.PositionOf("spec.name"), $"Repository {one.Key}: {registry.Spec.Host}/{spec.Name} has more than {LongestImageName} characters");
        }
    }

    private static IEnumerable<RevisionProblem> Duplicates(List<(DeclaredObject Object, RepositorySpec Spec)> declared) =>
        from same in declared.GroupBy(d => (d.Spec.Registry, d.Spec.Name))
        from other in same.Skip(1)
        select new RevisionProblem(
            other.Object.PositionOf("spec.name"),
            $"Repository {other.Object.Key}: {other.Spec.Name} is already declared by the Repository {same.First().Object.Key}");
}
