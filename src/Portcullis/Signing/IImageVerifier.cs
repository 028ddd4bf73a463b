using Portcullis.Core.Repositories;
using Portcullis.Core.Signing;

namespace Portcullis.Signing;

/// <summary>A way to sign images, and to find out who has signed one. Notary v1 is the first.</summary>
internal interface IImageVerifier
{
    /// <summary>Its name in policies, status and messages, such as <c>notary</c>.</summary>
    string Name { get; }

    /// <summary>What is signed in a repository, verified against what Git pins.</summary>
    ValueTask<TrustFinding> FindAsync(RepositoryId repository, Freshness freshness, CancellationToken cancellationToken);
}
