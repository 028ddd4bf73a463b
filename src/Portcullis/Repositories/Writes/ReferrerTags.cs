using Portcullis.Clients.Registry;
using Portcullis.Core.Repositories;

namespace Portcullis.Repositories.Writes;

/// <summary>Adds to the lists of referrers that a registry keeps under tags, as every other writer of tags does: claimed in the ledger first.</summary>
internal sealed class ReferrerTags(ITagWrites writes, string registry) : IManifestWriter
{
    public bool AddsToLists => true;

    /// <exception cref="HttpRequestException">It was not written.</exception>
    public async Task<ManifestReceipt> PutAsync(string repository, string reference, RegistryManifest manifest, CancellationToken cancellationToken)
    {
        var amendment = new TagAmendment(new RepositoryId(registry, repository), reference, present => Amended(present, manifest));
        return await writes.AmendAsync(amendment, cancellationToken) switch
        {
            TagWriteOutcome.Refused refused => throw new HttpRequestException(refused.Message),
            TagWriteOutcome.Unavailable unavailable => throw new HttpRequestException(unavailable.Message),
            _ => new ManifestReceipt(manifest.Digest, null),
        };
    }

    /// <summary>What others added to the list since it was read stays in it.</summary>
    private static TagChange Amended(RegistryManifest? present, RegistryManifest list) =>
        ReferrersIndex.WithAllOf(present, list) is { } next ? new TagChange.Write(next) : new TagChange.Keep();
}
