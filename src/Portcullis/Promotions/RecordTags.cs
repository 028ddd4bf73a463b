using Portcullis.Clients.Registry;
using Portcullis.Core.Repositories;
using Portcullis.Repositories.Writes;

namespace Portcullis.Promotions;

/// <summary>
/// Enters a decision record in the list of what is attached to its image, unless an equal one is there: of two operators that write the same one at once, the
/// second finds the first one's under the list's own serialisation.
/// </summary>
internal sealed class RecordTags(ITagWrites writes, string registry, EqualRecords equal) : IManifestWriter
{
    public bool AddsToLists => true;

    public async Task<ManifestReceipt> PutAsync(string repository, string reference, RegistryManifest manifest, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> unread;
        do
        {
            unread = [];
            var amendment = new TagAmendment(new RepositoryId(registry, repository), reference, present =>
            {
                var attached = present?.View().Manifests ?? [];
                unread = equal.Unread(attached);
                return unread.Count == 0 && !equal.AreIn(attached) && ReferrersIndex.WithAllOf(present, manifest) is { } next ? new TagChange.Write(next) : new TagChange.Keep();
            });
            PromotedTags.Ensure(await writes.AmendAsync(amendment, cancellationToken));
            await equal.ReadAsync(unread, cancellationToken);
        }
        while (unread.Count > 0);

        return new ManifestReceipt(manifest.Digest, null);
    }
}
