using Portcullis.Core.Repositories;
using Portcullis.Core.Webhooks;

namespace Portcullis.Repositories.Writes;

/// <summary>Takes note of what happened in a repository, for those who are notified of it.</summary>
internal interface INotices
{
    /// <summary>Whether any webhook of the repository asks for this event.</summary>
    bool AreWanted(RepositoryId repository, WebhookEvent one);

    /// <summary>
    /// Records the notice durably. After a crash it is recorded again with the same <paramref name="occurrence"/>, which makes no second notification.
    /// </summary>
    Task RecordAsync(RepositoryId repository, RepositoryNotice notice, string occurrence, CancellationToken cancellationToken);
}
