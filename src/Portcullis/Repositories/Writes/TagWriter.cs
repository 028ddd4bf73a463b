using Portcullis.Clients.Registry;
using Portcullis.Core.Registries.Requests;
using Portcullis.Core.Repositories;
using Portcullis.Core.Webhooks;
using Portcullis.Kubernetes.Client;
using Portcullis.Registries;
using Portcullis.Repositories.Ledger;

namespace Portcullis.Repositories.Writes;

/// <summary>
/// Writes tags in this order: the manifest under its digest, the claim in the ledger, the tag, the notifications, the ledger. A crash after any step leaves a
/// claim that the next writer, or the operator, finishes.
/// </summary>
internal sealed class TagWriter(
    DeclaredRepositories declared, TagLedgers ledgers, ClaimFinisher finisher, RegistryConnections connections, INotices notices, TimeProvider time)
    : ITagWrites
{
    public Task<TagWriteOutcome> PushAsync(TagPush push, CancellationToken cancellationToken) => GuardAsync(push.Repository, async repository =>
    {
        var claim = NewClaim(TagWrite.Push, push.Author) with { Digest = push.Digest, MediaType = push.MediaType, PromotedFrom = push.PromotedFrom };
        TagWriteDecision Decide(TagEntry? entry) => TagWriteDecision.ToPush(entry, push.Tag, claim, ImmutableTags.RuleFor(repository.Spec, push.Tag, time.GetUtcNow())) switch
        {
            TagWriteDecision.Claim when push.Unless?.Invoke(entry) is { } reason => new TagWriteDecision.Refuse(reason) { IsAsked = true },
            var decision => decision,
        };

        // Refused before anything is stored; what the ledger says later decides.
        if (Decide(ledgers.Find(push.Repository, push.Tag)) is TagWriteDecision.Refuse { IsAsked: false })
        {
            return Overwrite(repository, push.Tag);
        }

        var manifest = new RegistryManifest(push.MediaType, push.Digest, push.Manifest);
        var upstream = new UpstreamTags(await connections.GetAsync(push.Repository.Registry, cancellationToken));
        if (!push.IsStored)
        {
            await upstream.StoreAsync(push.Repository.Name, manifest, cancellationToken);
        }

        var outcome = await WriteAsync(push.Repository, push.Tag, claim, Decide, manifest, cancellationToken);
        return outcome switch
        {
            TagWriteDecision.Unchanged when (await upstream.LookAsync(push.Repository.Name, push.Tag, cancellationToken)).Digest != push.Digest =>
                Pushed(repository, push.Tag, await AgainAsync(push, claim, manifest, cancellationToken)),
            TagWriteDecision.Unchanged => new TagWriteOutcome.Unchanged(),
            _ => Pushed(repository, push.Tag, outcome),
        };
    });

    public Task<TagWriteOutcome> AmendAsync(TagAmendment amendment, CancellationToken cancellationToken) => GuardAsync(amendment.Repository, async _ =>
    {
        var (id, tag) = (amendment.Repository, amendment.Tag);
        var upstream = new UpstreamTags(await connections.GetAsync(id.Registry, cancellationToken));
        while (true)
        {
            var before = await ledgers.ReadAsync(id, tag, cancellationToken);
            if (before?.Claim is { } open)
            {
                await finisher.FinishAsync(id, tag, open, null, cancellationToken);
                continue;
            }

            // By the ledger's digest: the tag itself may for a moment name an older image again, when a slow writer came late.
            var present = (before?.Digest is { } digest ? await upstream.ReadAsync(id.Name, digest, cancellationToken) : null)
                ?? await upstream.ReadAsync(id.Name, tag, cancellationToken);
            switch (amendment.Change(present))
            {
                case TagChange.Refuse refused:
                    return Refused(refused.Error);
                case TagChange.Write write when await AmendAsync(amendment, before, upstream, write.Manifest, cancellationToken):
                    return new TagWriteOutcome.Written();
                case TagChange.Keep:
                    return new TagWriteOutcome.Unchanged();
            }
        }
    });

    public Task<TagWriteOutcome> DeleteTagAsync(RepositoryId repository, string tag, string? author, CancellationToken cancellationToken) =>
        GuardAsync(repository, async declaration =>
        {
            var claim = NewClaim(TagWrite.Delete, author);
            var outcome = await WriteAsync(
                repository, tag, claim, e => TagWriteDecision.ToDelete(e, claim, ImmutableTags.RuleFor(declaration.Spec, tag, time.GetUtcNow())), null, cancellationToken);
            return outcome switch
            {
                TagWriteDecision.Absent => new TagWriteOutcome.NotFound(),
                TagWriteDecision.Refuse => Deletion(declaration, tag),
                _ => new TagWriteOutcome.Written(),
            };
        });

    public Task<TagWriteOutcome> DeleteImageAsync(RepositoryId repository, string digest, string? author, CancellationToken cancellationToken) =>
        GuardAsync(repository, async declaration =>
        {
            var tags = (await ledgers.ReadAllAsync(repository, cancellationToken)).Where(e => e.Digest == digest || e.Claim?.Digest == digest).Select(e => e.Tag).ToList();
            if (tags.Find(t => ImmutableTags.RuleFor(declaration.Spec, t, time.GetUtcNow()) is not null) is { } immutable)
            {
                return Deletion(declaration, immutable);
            }

            foreach (var tag in tags)
            {
                var claim = NewClaim(TagWrite.Delete, author);
                await WriteAsync(
                    repository, tag, claim, e => e is { Claim: null } && e.Digest != digest ? new TagWriteDecision.Absent() : TagWriteDecision.ToDelete(e, claim, null), null, cancellationToken);
            }

            var upstream = new UpstreamTags(await connections.GetAsync(repository.Registry, cancellationToken));
            if (!await upstream.RemoveImageAsync(repository.Name, digest, cancellationToken))
            {
                return new TagWriteOutcome.NotFound();
            }

            var deleted = NewClaim(TagWrite.Delete, author);
            var notice = new RepositoryNotice.OfManifest(WebhookEvent.ManifestDelete, deleted.At, declared.HostOf(repository.Registry), repository.Name, digest) { Author = author };
            await notices.RecordAsync(repository, notice, deleted.Id, cancellationToken);
            return new TagWriteOutcome.Written();
        });

    /// <summary>False when the ledger is no longer as it was before the present image was read.</summary>
    private async Task<bool> AmendAsync(TagAmendment amendment, TagEntry? before, UpstreamTags upstream, RegistryManifest manifest, CancellationToken cancellationToken)
    {
        await upstream.StoreAsync(amendment.Repository.Name, manifest, cancellationToken);
        var claim = NewClaim(TagWrite.Push, amendment.Author) with { Digest = manifest.Digest, MediaType = manifest.MediaType };
        return await WriteAsync(
            amendment.Repository,
            amendment.Tag,
            claim,
            e => e?.Claim is { } open ? new TagWriteDecision.Finish(open)
                : e?.Digest != before?.Digest ? new TagWriteDecision.Absent()
                : new TagWriteDecision.Claim((e ?? new TagEntry { Tag = amendment.Tag }) with { Claim = claim }),
            manifest,
            cancellationToken) is TagWriteDecision.Claim;
    }

    /// <summary>Claims and finishes; the decision that ended it.</summary>
    private async Task<TagWriteDecision> WriteAsync(
        RepositoryId repository, string tag, TagClaim claim, Func<TagEntry?, TagWriteDecision> decide, RegistryManifest? manifest, CancellationToken cancellationToken)
    {
        while (true)
        {
            TagWriteDecision decision = new TagWriteDecision.Absent();
            await ledgers.UpdateAsync(
                repository, tag, e => (decision = decide(e)) is TagWriteDecision.Claim claimed ? claimed.Entry : e, cancellationToken);
            switch (decision)
            {
                case TagWriteDecision.Finish unfinished:
                    // With the caller's own manifest where it is the same one: the registry may not be able to read it any more.
                    await finisher.FinishAsync(repository, tag, unfinished.Open, unfinished.Open.Digest == manifest?.Digest ? manifest : null, cancellationToken);
                    break;
                case TagWriteDecision.Claim { Entry: { Claim: { } own } claimed }:
                    return await finisher.FinishAsync(repository, tag, own, manifest, cancellationToken) is ClaimEnd.Overtaken && own.Write == TagWrite.Push
                        && await ledgers.ReadAsync(repository, tag, cancellationToken) is var now
                        ? TagWriteDecision.AfterOther(claimed, now, decide(now))
                        : decision;
                default:
                    return decision;
            }
        }
    }

    /// <summary>The ledger has the image and the registry does not: somebody removed it past the gateway. The push brings it back.</summary>
    private Task<TagWriteDecision> AgainAsync(TagPush push, TagClaim claim, RegistryManifest manifest, CancellationToken cancellationToken) =>
        WriteAsync(
            push.Repository,
            push.Tag,
            claim,
            e => e?.Claim is { } open ? new TagWriteDecision.Finish(open) : new TagWriteDecision.Claim((e ?? new TagEntry { Tag = push.Tag }) with { Claim = claim }),
            manifest,
            cancellationToken);

    private TagWriteOutcome Pushed(Repository repository, string tag, TagWriteDecision decision) => decision switch
    {
        TagWriteDecision.Refuse { IsAsked: true } asked => new TagWriteOutcome.Refused("DENIED", 409, asked.Rule),
        TagWriteDecision.Refuse => Overwrite(repository, tag),
        TagWriteDecision.Unclear => new TagWriteOutcome.Unavailable($"the push of {tag} was withdrawn because it could not be finished, or the tag was deleted meanwhile: push it again"),
        _ => new TagWriteOutcome.Written(),
    };

    private async Task<TagWriteOutcome> GuardAsync(RepositoryId repository, Func<Repository, Task<TagWriteOutcome>> write)
    {
        if (declared.Find(repository) is not { } declaration)
        {
            return Refused(RegistryError.Undeclared(repository.Name));
        }

        try
        {
            return await write(declaration);
        }
        catch (RegistryException e)
        {
            return e.IsTransient || e.Kind is RegistryFailure.Unauthorized or RegistryFailure.Denied or RegistryFailure.Damaged
                ? new TagWriteOutcome.Unavailable(e.Message) { Cause = e }
                : new TagWriteOutcome.Refused(e.Code ?? "MANIFEST_INVALID", (int?)e.Status ?? 400, e.Message) { Cause = e };
        }
        catch (RegistryUnavailableException e)
        {
            return new TagWriteOutcome.Unavailable(e.Message) { Cause = e };
        }
        catch (Exception e) when (e is KubernetesApiException or HttpRequestException)
        {
            return new TagWriteOutcome.Unavailable("the ledger of tags cannot be written now, because the Kubernetes API does not answer: try again");
        }
    }

    private static TagWriteOutcome.Refused Refused(RegistryError error) => new(error.Code, error.Status, error.Message);

    private TagClaim NewClaim(TagWrite write, string? author) =>
        new() { Id = Guid.NewGuid().ToString("n"), Write = write, Digest = "", Author = author, At = time.GetUtcNow() };

    private TagWriteOutcome.Refused Overwrite(Repository repository, string tag) =>
        new("UNKNOWN", 409, ImmutableTags.OverwriteMessage(declared.HostOf(repository.Spec.Registry), repository.Spec.Name, tag));

    private TagWriteOutcome.Refused Deletion(Repository repository, string tag) =>
        new("UNKNOWN", 409, ImmutableTags.DeleteMessage(declared.HostOf(repository.Spec.Registry), repository.Spec.Name, tag));
}
