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
        LedgerAction.Finish finish => finisher.FinishAsync(repository, finish.Tag, finish.Claim, null, cancellationToken),
        LedgerAction.Rewrite rewrite => finisher.RewriteAsync(repository, rewrite.Tag, rewrite.Digest, cancellationToken),
        LedgerAction.Enter enter => ledgers.UpdateAsync(
            repository,
            enter.Tag,
            e => IsAsSeen(e, enter.Before) ? TagEntries.Found(e, enter.Tag, enter.Found.Digest, enter.Found.MediaType, time.GetUtcNow()) : e,
            cancellationToken),
        LedgerAction.Forget forget => ledgers.UpdateAsync(repository, forget.Tag, e => IsAsSeen(e, forget.Before) ? null : e, cancellationToken),
        _ => throw new InvalidOperationException($"{action.GetType().Name} is no action on a ledger"),
    };

    /// <summary>Whether nobody has written the tag since the ledger was read.</summary>
    private static bool IsAsSeen(TagEntry? entry, TagEntry? seen) => entry?.Claim is null && entry?.Digest == seen?.Digest && entry?.PushedAt == seen?.PushedAt;
}
