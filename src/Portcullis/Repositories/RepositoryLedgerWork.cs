using Portcullis.Actions;
using Portcullis.Clients.Registry;
using Portcullis.Core.Repositories;
using Portcullis.Registries;
using Portcullis.Repositories.Ledger;
using Portcullis.Repositories.Writes;

namespace Portcullis.Repositories;

/// <summary>Compares a repository's ledger with its registry and does what follows from it.</summary>
internal sealed class RepositoryLedgerWork(ActionRunner runner, TagLedgers ledgers, ClaimFinisher finisher, RegistryPolls polls, TimeProvider time)
{
    /// <param name="repository">The repository.</param>
    /// <param name="asksRegistry">Whether the registry is asked for its tags; else only unfinished writes are looked for.</param>
    /// <param name="cancellationToken">Ends it anywhere.</param>
    /// <returns>What was done, and why the registry could not be asked (null: it answered, or was not asked).</returns>
    public async Task<(IReadOnlyList<ActionResult> Results, Problem? Problem)> RunAsync(RepositoryId repository, bool asksRegistry, CancellationToken cancellationToken)
    {
        var (seen, problem) = await ObserveAsync(repository, asksRegistry, cancellationToken);
        var executor = new LedgerExecutor(repository, ledgers, finisher, time);
        return (await runner.RunAsync("repositories", LedgerPlanner.Plan(seen), executor, cancellationToken), problem);
    }

    private async Task<(LedgerObservation Seen, Problem? Problem)> ObserveAsync(RepositoryId repository, bool asksRegistry, CancellationToken cancellationToken)
    {
        if (!asksRegistry)
        {
            return (new LedgerObservation(ledgers.Of(repository), time.GetUtcNow()), null);
        }

        var seen = new LedgerObservation(await ledgers.ReadAllAsync(repository, cancellationToken), time.GetUtcNow());
        try
        {
            return (seen with { Tags = await polls.PollAsync(repository, cancellationToken) }, null);
        }
        catch (RegistryException e)
        {
            return (seen, new Problem(RepositoryReasons.RegistryUnavailable, "", e.Message));
        }
        catch (RegistryUnavailableException e)
        {
            return (seen, new Problem(e.Reason, "", e.Message));
        }
    }
}
