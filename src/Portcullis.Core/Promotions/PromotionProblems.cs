using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;

namespace Portcullis.Core.Promotions;

/// <summary>Why a policy cannot work: what it names is not declared, or pauses.</summary>
public static class PromotionProblems
{
    public static IReadOnlyList<Problem> Of(PromotionPolicySpec spec, Registry? registry, Repository? source, Repository? target) =>
    [
        .. registry is null
            ? [new Problem(PromotionReasons.RegistryMissing, "spec.registry", $"there is no Registry {spec.Registry}")]
            : registry.IsSuspended ? [Suspended("spec.registry", $"the Registry {spec.Registry}")] : (Problem[])[],
        .. OfRepository("spec.source.repository", spec.Source.Repository, source),
        .. OfRepository("spec.target.repository", spec.Target.Repository, target),
    ];

    private static Problem[] OfRepository(string field, string name, Repository? repository) =>
        repository is null ? [new Problem(PromotionReasons.RepositoryMissing, field, $"no Repository declares {name}")]
        : repository.IsSuspended ? [Suspended(field, $"the Repository {repository.Key.Name}")]
        : [];

    private static Problem Suspended(string field, string what) => new(PromotionReasons.Suspended, field, $"{what} is suspended: nothing is promoted");
}
