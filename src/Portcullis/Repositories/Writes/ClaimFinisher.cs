using Portcullis.Clients.Registry;
using Portcullis.Core.Repositories;
using Portcullis.Core.Webhooks;
using Portcullis.Registries;
using Portcullis.Repositories.Ledger;

namespace Portcullis.Repositories.Writes;

/// <summary>
/// Finishes what was claimed, for whoever claimed it: a claim says all that is needed, and its manifest is in the registry already. So no claim ever
/// has to be given up because its writer is silent, and a writer that was only slow does what somebody else has done for it.
/// </summary>
internal sealed class ClaimFinisher(TagLedgers ledgers, RegistryConnections connections, DeclaredRepositories declared, INotices notices)
{
    /// <param name="repository">The repository.</param>
    /// <param name="tag">The tag.</param>
    /// <param name="claim">The claim as the ledger has it.</param>
    /// <param name="manifest">The manifest, when the caller has it.</param>
    /// <param name="cancellationToken">Ends it anywhere; it can be begun again.</param>
    /// <exception cref="RegistryException">The registry refuses, and the claim is withdrawn; or it does not answer, and the claim stays.</exception>
    public async Task FinishAsync(RepositoryId repository, string tag, TagClaim claim, RegistryManifest? manifest, CancellationToken cancellationToken)
    {
        var upstream = new UpstreamTags(await connections.GetAsync(repository.Registry, cancellationToken));
        if (claim.Write == TagWrite.Delete)
        {
            await upstream.RemoveAsync(repository.Name, tag, claim, cancellationToken);
        }
        else if (!await NameAsync(upstream, repository, tag, claim, manifest, cancellationToken))
        {
            return;
        }

        foreach (var (concerned, notice) in ClaimNotices.Of(repository, declared.HostOf(repository.Registry), tag, claim))
        {
            await notices.RecordAsync(concerned, notice, claim.Id, cancellationToken);
        }

        var isOwn = false;
        await ledgers.UpdateAsync(
            repository, tag, e => (isOwn = e?.Claim?.Id == claim.Id) ? TagEntries.Finished(e!) : e, cancellationToken);
        if (!isOwn)
        {
            await RestoreAsync(upstream, repository, tag, cancellationToken);
        }
    }

    /// <summary>Makes a tag name once more what the ledger says it names, where the registry can no longer read it.</summary>
    /// <exception cref="RegistryException">The registry refuses or does not answer.</exception>
    public async Task RewriteAsync(RepositoryId repository, string tag, string digest, CancellationToken cancellationToken)
    {
        var upstream = new UpstreamTags(await connections.GetAsync(repository.Registry, cancellationToken));
        if (await upstream.ReadAsync(repository.Name, digest, cancellationToken) is { } manifest)
        {
            await upstream.NameAsync(repository.Name, tag, manifest, cancellationToken);
            await RestoreAsync(upstream, repository, tag, cancellationToken);
        }
    }

    /// <summary>False when the claim was withdrawn, because its manifest is no longer there.</summary>
    private async Task<bool> NameAsync(
        UpstreamTags upstream, RepositoryId repository, string tag, TagClaim claim, RegistryManifest? manifest, CancellationToken cancellationToken)
    {
        manifest ??= await upstream.ReadAsync(repository.Name, claim.Digest, cancellationToken);
        if (manifest is null)
        {
            await WithdrawAsync(repository, tag, claim, cancellationToken);
            return false;
        }

        try
        {
            await upstream.NameAsync(repository.Name, tag, manifest, cancellationToken);
            return true;
        }
        catch (RegistryException e) when (e.Kind is RegistryFailure.Invalid or RegistryFailure.Unsupported or RegistryFailure.NotFound or RegistryFailure.Refused)
        {
            await WithdrawAsync(repository, tag, claim, cancellationToken);
            throw;
        }
    }

    private Task<TagEntry?> WithdrawAsync(RepositoryId repository, string tag, TagClaim claim, CancellationToken cancellationToken) =>
        ledgers.UpdateAsync(repository, tag, e => e?.Claim?.Id == claim.Id ? TagEntries.Abandoned(e) : e, cancellationToken);

    /// <summary>
    /// Somebody else finished this claim while we were at it, and may have written the tag again since: then what we did last came too late, and the
    /// tag is made to name what the ledger says. That comes too late as well when yet another write ends meanwhile, so that it is looked at again.
    /// </summary>
    private async Task RestoreAsync(UpstreamTags upstream, RepositoryId repository, string tag, CancellationToken cancellationToken)
    {
        while (await ledgers.ReadAsync(repository, tag, cancellationToken) is { Digest: { } digest } entry)
        {
            if (entry.Claim is { } open)
            {
                await FinishAsync(repository, tag, open, null, cancellationToken);
            }
            else if (await upstream.DigestOfAsync(repository.Name, tag, cancellationToken) == digest
                || await upstream.ReadAsync(repository.Name, digest, cancellationToken) is not { } manifest)
            {
                return;
            }
            else
            {
                await upstream.NameAsync(repository.Name, tag, manifest, cancellationToken);
            }
        }
    }
}
