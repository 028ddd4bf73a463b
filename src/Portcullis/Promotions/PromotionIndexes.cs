using Portcullis.Core.Promotions;
using Portcullis.Core.Repositories;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Promotions;

/// <summary>By what policies are found.</summary>
internal static class PromotionIndexes
{
    /// <summary>The repositories that a policy reads and writes.</summary>
    public const string ByRepository = "repository";

    public static void Add(StoreOptions<PromotionPolicy> options) => options.Index(ByRepository, p =>
    [
        new RepositoryId(p.Spec.Registry, p.Spec.Source.Repository).ToString(),
        new RepositoryId(p.Spec.Registry, p.Spec.Target.Repository).ToString(),
    ]);
}
