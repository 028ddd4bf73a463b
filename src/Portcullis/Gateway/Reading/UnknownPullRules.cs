using Portcullis.Core.Repositories;

namespace Portcullis.Gateway.Reading;

/// <summary>As long as nothing is known of images, none meets a criterion: what is not known does not count as met.</summary>
internal sealed class UnknownPullRules : IPullRules
{
    public ValueTask<string?> BlockedAsync(Repository repository, string? tag, string digest, CancellationToken cancellationToken) =>
        ValueTask.FromResult<string?>("nothing is known of the image that the repository's pullBlocking asks for");
}
