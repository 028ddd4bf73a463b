using Portcullis.Core.Identity;
using Portcullis.Core.Repositories;

namespace Portcullis.Gateway.Reading;

/// <summary>Which images of a repository may not be pulled (<see cref="PullBlocking"/>).</summary>
internal interface IPullRules
{
    /// <summary>Why it may not be pulled; null when it may. Asked only of repositories with rules.</summary>
    /// <param name="repository">What Git declares.</param>
    /// <param name="tag">By which it is pulled; null for a pull by digest.</param>
    /// <param name="digest">Of the image, or of an index.</param>
    /// <param name="caller">Who pulls it: whoever must sign it may pull it before it is signed.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    ValueTask<string?> BlockedAsync(Repository repository, string? tag, string digest, GatewayCaller caller, CancellationToken cancellationToken);
}
