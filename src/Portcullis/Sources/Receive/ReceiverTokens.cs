using Portcullis.Core.Sources;
using Portcullis.Secrets;
using Portcullis.Sources.Fetch;

namespace Portcullis.Sources.Receive;

/// <summary>What each receiver of a source shares with its sender.</summary>
internal sealed class ReceiverTokens(SourceSecrets secrets, NoticeTokens tokens)
{
    /// <param name="path">Of the receiver. With another token it would have another path.</param>
    /// <param name="source">Whose receiver it is.</param>
    /// <param name="receiver">Its Secret.</param>
    /// <param name="cancellationToken">Ends waiting.</param>
    /// <exception cref="BoundSecretException">The Secret cannot be used.</exception>
    public async Task<string> OfAsync(string path, GitSource source, GitReceiver receiver, CancellationToken cancellationToken) =>
        (await tokens.OfAsync(path, async c => await secrets.TokenAsync(source, receiver.SecretRef, c)).WaitAsync(cancellationToken))!;
}
