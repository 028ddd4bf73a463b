using Portcullis.Core.Repositories;

namespace Portcullis.Repositories;

/// <summary>Says what keeps the webhooks of a repository from being sent, as far as that shows before anything is sent.</summary>
internal interface IWebhookChecks
{
    /// <summary>A Secret that is missing or not for the source or the host, an address that the Registry does not allow; none for webhooks that are suspended.</summary>
    Task<IReadOnlyList<Problem>> ProblemsOfAsync(Repository repository, CancellationToken cancellationToken);
}
