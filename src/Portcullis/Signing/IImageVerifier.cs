using Portcullis.Core.Repositories;
using Portcullis.Core.Signing;

namespace Portcullis.Signing;

/// <summary>A way to sign images, and to find out who has signed one. Notary v1 is the first.</summary>
internal interface IImageVerifier
{
    /// <summary>Its name in policies, status and messages, such as <c>notary</c>.</summary>
    string Name { get; }

    /// <summary>What is signed in a repository, verified against what Git pins. Kept and fetched again as its expiry and the server's answers ask for.</summary>
    ValueTask<TrustFinding> FindAsync(RepositoryId repository, CancellationToken cancellationToken);

    /// <summary>
    /// The same for who did not find what it looked for in the answer before: the server is asked at once, unless that was done a moment ago. So an image
    /// that was signed just now is found, and what is unsigned does not press the server.
    /// </summary>
    ValueTask<TrustFinding> FindAfreshAsync(RepositoryId repository, CancellationToken cancellationToken) => FindAsync(repository, cancellationToken);
}
