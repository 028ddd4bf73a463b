using Portcullis.Actions;
using Portcullis.Clients.Registry;
using Portcullis.Core.Promotions;
using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;
using Portcullis.Repositories.Writes;

namespace Portcullis.Promotions;

/// <summary>Writes the tags of one promotion as every other writer does: claimed in the ledger first.</summary>
internal sealed class PromotedTags(ITagWrites writes, PromotionAction.Promote action) : IManifestWriter
{
    /// <summary>The image, once its tag is written; null before that.</summary>
    public ImageDescriptor? Image { get; private set; }

    public bool AddsToLists => true;

    public async Task<ManifestReceipt> PutAsync(string repository, string reference, RegistryManifest manifest, CancellationToken cancellationToken)
    {
        var id = action.Target with { Name = repository };
        if (TagName.IsReferrersFallback(reference))
        {
            Ensure(await writes.AmendAsync(new TagAmendment(id, reference, present => Amended(present, manifest)), cancellationToken));
            return new ManifestReceipt(manifest.Digest, null);
        }

        Ensure(await writes.PushAsync(OfImage(new TagPush(id, reference, manifest.Digest, manifest.MediaType, manifest.Bytes)), cancellationToken));
        Image = new ImageDescriptor { MediaType = manifest.MediaType, Digest = manifest.Digest, Size = manifest.Bytes.Length };
        return new ManifestReceipt(manifest.Digest, null);
    }

    /// <summary>What others added to a list of referrers since it was read stays in it.</summary>
    private static TagChange Amended(RegistryManifest? present, RegistryManifest list) =>
        ReferrersIndex.WithAllOf(present, list) is { } next ? new TagChange.Write(next) : new TagChange.Keep();

    /// <summary>A promoted image keeps its author. What the tag named when it was judged is all that it may replace.</summary>
    private TagPush OfImage(TagPush push) => push with
    {
        Author = action.Entry.Author,
        PromotedFrom = new PromotionOrigin { Policy = action.Promotion.Policy, Repository = action.Source.Name, Tag = action.Entry.Tag, PushedAt = action.Entry.PushedAt },
        Unless = present => present?.Digest == action.Replaces ? null : $"{push.Repository.Name}:{push.Tag} was written by somebody else since it was judged: it is judged again",
    };

    /// <exception cref="ActionFailedException">It is refused.</exception>
    /// <exception cref="HttpRequestException">It cannot be written now.</exception>
    internal static void Ensure(TagWriteOutcome outcome)
    {
        switch (outcome)
        {
            case TagWriteOutcome.Refused refused:
                throw new ActionFailedException(PromotionReasons.TargetRefused, refused.Message);
            case TagWriteOutcome.Unavailable unavailable:
                throw new HttpRequestException(unavailable.Message);
        }
    }
}
