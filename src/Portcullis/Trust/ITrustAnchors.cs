using Portcullis.Core.Repositories;
using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Trust;

/// <summary>What Git pins: under which name, and by which root keys, a repository's trust data is signed. Nothing else can begin trust.</summary>
internal interface ITrustAnchors
{
    /// <summary>Of one repository; null when no TrustDelegation names it, or none of those that do can be acted upon.</summary>
    TrustAnchor? OfRepository(RepositoryId repository);
}
