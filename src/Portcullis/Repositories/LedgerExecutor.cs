using Portcullis.Actions;
using Portcullis.Core.Repositories;
using Portcullis.Repositories.Ledger;
using Portcullis.Repositories.Writes;

namespace Portcullis.Repositories;

/// <summary>Does what a plan of one repository's ledger says.</summary>
internal sealed class LedgerExecutor(RepositoryId repository, TagLedgers ledgers, ClaimFinisher finisher, TimeProvider time) : IActionExecutor<LedgerAction>
{
    public Task<Attribution?> AttributeAsync(LedgerAction action, CancellationToken cancellationToken) => Task.FromResult<Attribution?>(null);

    public Task ExecuteAsync(LedgerAction action, CancellationToken cancellationToken) => action switch
    {
        LedgerAction.Finish finish => FinishAsync(finish, cancellationToken),
        LedgerAction.Rewrite rewrite => RewriteAsync(rewrite, cancellationToken),
        LedgerAction.Enter enter => ledgers.UpdateAsync(
            repository,
            enter.Tag,
            e => IsAsSeen(e, enter.Before) ? TagEntries.Found(e, enter.Tag, enter.Found.Digest, enter.Found.MediaType, time.GetUtcNow()) : e,
            cancellationToken),
        LedgerAction.Forget forget => ledgers.UpdateAsync(repository, forget.Tag, e => IsAsSeen(e, forget.Before) ? null : e, cancellationToken),
        _ => throw new InvalidOperationException($"{action.GetType().Name} is no action on a ledger"),
    };

    /// <exception cref="ActionFailedException">The registry cannot read the image either.</exception>
    private async Task RewriteAsync(LedgerAction.Rewrite rewrite, CancellationToken cancellationToken)
    {
        if (await finisher.RewriteAsync(repository, rewrite.Tag, rewrite.Digest, cancellationToken) is ClaimEnd.Withdrawn withdrawn)
        {
            throw new ActionFailedException(RepositoryReasons.TagUnreadable, withdrawn.Reason);
        }
    }

    /// <exception cref="ActionFailedException">The write is withdrawn: whoever asked for it has to ask again.</exception>
    private async Task FinishAsync(LedgerAction.Finish finish, CancellationToken cancellationToken)
    {
        if (await finisher.FinishAsync(repository, finish.Tag, finish.Claim, null, cancellationToken) is ClaimEnd.Withdrawn withdrawn)
        {
            throw new ActionFailedException(RepositoryReasons.PushWithdrawn, withdrawn.Reason);
        }
    }

    /// <summary>Whether nobody has written the tag since the ledger was read.</summary>
    private static bool IsAsSeen(TagEntry? entry, TagEntry? seen) => entry?.Claim is null && entry?.Digest == seen?.Digest && entry?.PushedAt == seen?.PushedAt;
}
