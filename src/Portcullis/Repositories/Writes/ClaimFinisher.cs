using Microsoft.Extensions.Logging;
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
internal sealed partial class ClaimFinisher(
    TagLedgers ledgers, RegistryConnections connections, DeclaredRepositories declared, INotices notices, ILogger<ClaimFinisher> logger)
{
    /// <param name="repository">The repository.</param>
    /// <param name="tag">The tag.</param>
    /// <param name="claim">The claim as the ledger has it.</param>
    /// <param name="manifest">The manifest, when the caller has it.</param>
    /// <param name="cancellationToken">Ends it anywhere; it can be begun again.</param>
    /// <exception cref="RegistryException">The registry refuses, and the claim is withdrawn; or it does not answer, and the claim stays.</exception>
    public async Task<ClaimEnd> FinishAsync(RepositoryId repository, string tag, TagClaim claim, RegistryManifest? manifest, CancellationToken cancellationToken)
    {
        var upstream = new UpstreamTags(await connections.GetAsync(repository.Registry, cancellationToken));
        var (effect, reason) = claim.Write switch
        {
            TagWrite.Push => await NameAsync(upstream, repository, tag, claim, manifest, cancellationToken),
            TagWrite.Restore => await RestoreAsync(upstream, repository, tag, claim, cancellationToken),
            _ => await RemoveAsync(upstream, repository, tag, claim, cancellationToken),
        };
        if (reason is not null)
        {
            return await WithdrawAsync(repository, tag, claim, effect, reason, cancellationToken);
        }

        foreach (var (concerned, notice) in ClaimNotices.Of(repository, declared.HostOf(repository.Registry), tag, claim))
        {
            await notices.RecordAsync(concerned, notice, claim.Id, cancellationToken);
        }

        return await EndAsync(repository, tag, claim, TagEntries.Finished, effect, cancellationToken) ? new ClaimEnd.Finished() : new ClaimEnd.Overtaken();
    }

    /// <summary>Makes a tag name once more what the ledger says it names.</summary>
    /// <exception cref="RegistryException">The registry refuses or does not answer.</exception>
    public async Task<ClaimEnd> RewriteAsync(RepositoryId repository, string tag, string digest, CancellationToken cancellationToken)
    {
        var entry = await ledgers.UpdateAsync(
            repository, tag, e => e?.Digest == digest ? TagEntries.Restoring(e, tag, Guid.NewGuid().ToString("n"), digest, e.PushedAt ?? default) : e, cancellationToken);
        return entry?.Claim is { } open ? await FinishAsync(repository, tag, open, null, cancellationToken) : new ClaimEnd.Overtaken();
    }

    private static async Task<(TagEffect Effect, string? Reason)> RemoveAsync(UpstreamTags upstream, RepositoryId repository, string tag, TagClaim claim, CancellationToken cancellationToken)
    {
        var removed = await upstream.RemoveAsync(repository.Name, tag, claim, cancellationToken);
        return (removed ? TagEffect.Removed : TagEffect.None, null);
    }

    /// <summary>As <see cref="NameAsync"/>, for what the entry says: nobody changes that while the claim is open.</summary>
    private async Task<(TagEffect Effect, string? Reason)> RestoreAsync(UpstreamTags upstream, RepositoryId repository, string tag, TagClaim claim, CancellationToken cancellationToken)
    {
        if (await ledgers.ReadAsync(repository, tag, cancellationToken) is not { Claim: { } open } entry || open.Id != claim.Id)
        {
            return (TagEffect.None, null);
        }

        if (entry.Digest is not { } digest)
        {
            return await RemoveAsync(upstream, repository, tag, claim, cancellationToken);
        }

        if ((await upstream.LookAsync(repository.Name, tag, cancellationToken)).Digest == digest)
        {
            return (TagEffect.None, null);
        }

        if ((await upstream.TryReadAsync(repository.Name, digest, cancellationToken)).Manifest is not { } manifest)
        {
            return (TagEffect.None, $"{tag} cannot be written again: the registry cannot read {digest}. Push the image again");
        }

        await upstream.NameAsync(repository.Name, tag, manifest, cancellationToken);
        return (TagEffect.Named(digest), null);
    }

    /// <summary>What was done to the tag, and why the claim is to be withdrawn (null: the tag names the image).</summary>
    private async Task<(TagEffect Effect, string? Reason)> NameAsync(
        UpstreamTags upstream, RepositoryId repository, string tag, TagClaim claim, RegistryManifest? manifest, CancellationToken cancellationToken)
    {
        if (manifest is null)
        {
            (manifest, var isBroken) = await upstream.TryReadAsync(repository.Name, claim.Digest, cancellationToken);
            if (manifest is null)
            {
                return await ReadBackAsync(upstream, repository, tag, claim, isBroken ? "cannot read" : "no longer has", cancellationToken);
            }
        }

        try
        {
            await upstream.NameAsync(repository.Name, tag, manifest, cancellationToken);
            return (TagEffect.Named(claim.Digest), null);
        }
        catch (RegistryException e) when (e.Kind is RegistryFailure.Invalid or RegistryFailure.Unsupported or RegistryFailure.NotFound or RegistryFailure.Refused)
        {
            await WithdrawAsync(repository, tag, claim, TagEffect.None, $"the push of {tag} is withdrawn: {e.Message}", cancellationToken);
            throw;
        }
    }

    /// <summary>
    /// Nobody but the one who claimed it has the manifest, and he may be gone. The tag itself says whether the write took place; while it can be read,
    /// the registry answers, and the claim need not wait for it. A tag that cannot be read either names the manifest that is lost, and is made to name
    /// what it named before.
    /// </summary>
    private async Task<(TagEffect Effect, string? Reason)> ReadBackAsync(
        UpstreamTags upstream, RepositoryId repository, string tag, TagClaim claim, string failure, CancellationToken cancellationToken)
    {
        var (present, isBroken) = await upstream.LookAsync(repository.Name, tag, cancellationToken);
        if (present == claim.Digest)
        {
            return (TagEffect.None, null);
        }

        var effect = TagEffect.None;
        if (isBroken && await ledgers.ReadAsync(repository, tag, cancellationToken) is { Claim: { } open } entry && open.Id == claim.Id)
        {
            if (entry.Digest is null)
            {
                (effect, _) = await RemoveAsync(upstream, repository, tag, claim, cancellationToken);
            }
            else if ((await upstream.TryReadAsync(repository.Name, entry.Digest, cancellationToken)).Manifest is { } before)
            {
                await upstream.NameAsync(repository.Name, tag, before, cancellationToken);
                effect = TagEffect.Named(entry.Digest);
            }
        }

        return (effect, $"the push of {tag} is withdrawn: the registry {failure} {claim.Digest}, and the tag names {present ?? (isBroken ? "nothing that can be read" : "nothing")}. Push it again");
    }

    private async Task<ClaimEnd> WithdrawAsync(
        RepositoryId repository, string tag, TagClaim claim, TagEffect effect, string reason, CancellationToken cancellationToken)
    {
        if (!await EndAsync(repository, tag, claim, TagEntries.Abandoned, effect, cancellationToken))
        {
            return new ClaimEnd.Overtaken();
        }

        Log.Withdrawn(logger, repository.Name, reason);
        return new ClaimEnd.Withdrawn(reason);
    }

    /// <summary>
    /// Takes the claim off the ledger. False when somebody else did so first, and may have written the tag again since, or deleted it: then the
    /// <paramref name="effect"/> may have come too late. That the tag is to be restored is in the ledger first, so that it is also when the registry ends now.
    /// </summary>
    private async Task<bool> EndAsync(RepositoryId repository, string tag, TagClaim claim, Func<TagEntry, TagEntry?> end, TagEffect effect, CancellationToken cancellationToken)
    {
        var isOwn = false;
        var after = await ledgers.UpdateAsync(
            repository,
            tag,
            e => (isOwn = e?.Claim?.Id == claim.Id) ? end(e!) : effect.Agrees(e) ? e : TagEntries.Restoring(e, tag, $"{claim.Id}-late", claim),
            cancellationToken);
        if (!isOwn && after?.Claim is { } open)
        {
            await FinishAsync(repository, tag, open, null, cancellationToken);
        }

        return isOwn;
    }

    private static partial class Log
    {
        [LoggerMessage(7010, LogLevel.Warning, "{Repository}: {Reason}")]
        public static partial void Withdrawn(ILogger logger, string repository, string reason);
    }
}
