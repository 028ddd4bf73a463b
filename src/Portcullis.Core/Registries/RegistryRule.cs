using Portcullis.Core.Kinds;

namespace Portcullis.Core.Registries;

/// <summary>No two registries have the same host: a client's request would belong to both.</summary>
public sealed class RegistryRule : IRevisionRule
{
    public IEnumerable<RevisionProblem> Check(DeclaredRevision revision)
    {
        var declared = revision.Of(Registry.Definition).Select(o => (Object: o, TypedObject.Read<Registry>(o.Value).Spec.Host)).OrderBy(d => d.Object.Key).ToList();
        return
            from one in declared
            from other in declared
            where one.Host == other.Host && one.Object.Key.CompareTo(other.Object.Key) > 0
            select new RevisionProblem(one.Object.PositionOf("spec.host"), $"Registry {one.Object.Key}: the host {one.Host} is already the Registry {other.Object.Key}'s");
    }
}
