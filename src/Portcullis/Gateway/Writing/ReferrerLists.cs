using Portcullis.Clients.Registry;
using Portcullis.Core.Registries.Requests;
using Portcullis.Gateway.Forwarding;
using Portcullis.Repositories.Writes;

namespace Portcullis.Gateway.Writing;

/// <summary>
/// Keeps the lists of what refers to each manifest under their fallback tags (OCI distribution 1.1, "Pushing Manifests with Subject"), for registries
/// that keep none themselves. Each change is made of what the list is at that moment: of two pushes at once none loses its entry.
/// </summary>
internal sealed class ReferrerLists(IUpstreams upstreams, ITagWrites tags)
{
    /// <summary>Stores a manifest under its digest, and enters it in the list of its subject.</summary>
    public async Task StoreAsync(GatewayExchange exchange, string repository, RegistryManifest manifest, string? subject)
    {
        var client = await upstreams.ClientAsync(exchange.Registry, exchange.Aborted);
        var receipt = await client.Manifests.PutAsync(repository, manifest.Digest, manifest, exchange.Aborted);
        if (subject is null)
        {
            return;
        }

        if (receipt.Subject is null)
        {
            ManifestWrites.Ensure(await EnterAsync(exchange, repository, manifest, subject));
        }

        exchange.Http.Response.Headers[GatewayHeaders.Subject] = subject;
    }

    /// <summary>A client writes the list itself, as clients of registries without one do. It only grows: the new list must have all of the old one.</summary>
    public Task<TagWriteOutcome> ReplaceAsync(GatewayExchange exchange, string repository, string tag, RegistryManifest list) => AmendAsync(exchange, repository, tag, present =>
        tag.Length == RegistryReferrers.FallbackTag(list.Digest).Length && !list.View().IsIndex ? new TagChange.Refuse(RegistryError.ManifestInvalid($"{tag} is for the list of what refers to a manifest: an index"))
        : present?.Digest == list.Digest ? new TagChange.Keep()
        : !OwnArtifacts.AreTheSame(list.View(), present?.View()) ? new TagChange.Refuse(RegistryError.Denied($"artifacts of the types {OwnArtifacts.Types}* are entered in {tag}, changed there and taken out of it by Portcullis alone"))
        : present is null || ReferrersIndex.HasAllOf(list, present) ? new TagChange.Write(list)
        : new TagChange.Refuse(RegistryError.Denied($"{tag} is a list of what refers to a manifest: it must contain all that it contained before. Read it again, and add to it")));

    /// <summary>Deletes an image; a referrer leaves the list of its subject first, so that no list has what is not there.</summary>
    public async Task<TagWriteOutcome> DeleteAsync(GatewayExchange exchange, string repository, RegistryManifest manifest)
    {
        var subject = manifest.View().Subject?.Digest;
        if (subject is not null)
        {
            var outcome = await AmendAsync(
                exchange, repository, RegistryReferrers.FallbackTag(subject), present => ReferrersIndex.Without(present, manifest.Digest) is { } rest ? new TagChange.Write(rest) : new TagChange.Keep());
            if (outcome is TagWriteOutcome.Refused or TagWriteOutcome.Unavailable)
            {
                return outcome;
            }
        }

        var deleted = await tags.DeleteImageAsync(exchange.IdOf(repository), manifest.Digest, exchange.Author, exchange.Aborted);
        if (subject is not null && deleted is TagWriteOutcome.Refused)
        {
            await EnterAsync(exchange, repository, manifest, subject);
        }

        return deleted;
    }

    private Task<TagWriteOutcome> EnterAsync(GatewayExchange exchange, string repository, RegistryManifest manifest, string subject) => AmendAsync(
        exchange, repository, RegistryReferrers.FallbackTag(subject), present => ReferrersIndex.With(present, manifest) is { } next ? new TagChange.Write(next) : new TagChange.Keep());

    private Task<TagWriteOutcome> AmendAsync(GatewayExchange exchange, string repository, string tag, Func<RegistryManifest?, TagChange> change) =>
        tags.AmendAsync(new TagAmendment(exchange.IdOf(repository), tag, change) { Author = exchange.Author }, exchange.Aborted);
}
