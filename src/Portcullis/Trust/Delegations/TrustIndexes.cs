using Portcullis.Core.Repositories;
using Portcullis.Core.Trust;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Trust.Delegations;

/// <summary>By what TrustDelegations are found.</summary>
internal static class TrustIndexes
{
    public const string ByRegistry = "registry";
    public const string ByOrganization = "organization";

    public static void Add(StoreOptions<TrustDelegation> options)
    {
        options.Index(ByRegistry, d => [d.Spec.Registry]);
        options.Index(ByOrganization, d => Organizations(d.Spec));
    }

    /// <summary>Those that are for a repository.</summary>
    public static IEnumerable<ObjectKey> Of(IStore<TrustDelegation> delegations, Repository repository) =>
        delegations.Find(ByRegistry, repository.Spec.Registry).Where(d => Core.Glob.CoversAny(d.Spec.Repositories, repository.Spec.Name)).Select(d => d.Key);

    /// <summary>Those that may share a repository with another one, which changed, came or went.</summary>
    public static IEnumerable<ObjectKey> Beside(IStore<TrustDelegation> delegations, TrustDelegation other) =>
        delegations.Find(ByRegistry, other.Spec.Registry)
            .Where(d => d.Key != other.Key && d.Spec.Repositories.Any(one => other.Spec.Repositories.Any(two => Core.Glob.Overlap(one, two))))
            .Select(d => d.Key);

    private static IReadOnlyList<string> Organizations(TrustDelegationSpec spec) =>
        [.. (spec.Roles ?? []).SelectMany(r => r.Signers ?? []).Select(s => s.Team ?? s.User).OfType<string>().Select(n => n[..n.IndexOf('/', StringComparison.Ordinal)]).Distinct(StringComparer.Ordinal)];
}
