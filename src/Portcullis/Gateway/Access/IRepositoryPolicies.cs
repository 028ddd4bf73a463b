using Portcullis.Core.Access;
using Portcullis.Core.Repositories;

namespace Portcullis.Gateway.Access;

/// <summary>What Git declares of repositories and gives to people, as it is in force now. Costs no request to another server.</summary>
internal interface IRepositoryPolicies
{
    /// <summary>Null when no Repository declares it.</summary>
    Repository? Find(RepositoryId repository);

    /// <summary>All that are declared for a registry.</summary>
    IReadOnlyList<Repository> Of(string registry);

    /// <summary>The grant that gives somebody the most now; null for none.</summary>
    RepositoryGrant? GreatestOn(AccessUser user, string repository);
}
