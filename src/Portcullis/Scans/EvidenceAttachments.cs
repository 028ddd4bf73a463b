using Portcullis.Clients.Registry;
using Portcullis.Core.Attestations;
using Portcullis.Core.Repositories;
using Portcullis.Core.Scans;
using Portcullis.Evidence;
using Portcullis.Repositories.Writes;
using Portcullis.Scanning.Store;

namespace Portcullis.Scans;

/// <summary>Attaches signed statements to images, and finds those that the operator attached before.</summary>
internal sealed class EvidenceAttachments(EvidenceKeys keys, ITagWrites writes, DeclaredRepositories declared)
{
    /// <summary>Whoever may push may attach any number of forged ones; beyond these the layers are read, which is slower and as good.</summary>
    private const int MostLookedAt = 20;

    /// <summary>The components of an image as an operator with the same key attached them, with the digest of that evidence; null when there are none.</summary>
    /// <exception cref="RegistryException">The registry does not answer.</exception>
    public async Task<(string Digest, ComponentsEvidence Evidence)?> FindAsync(
        RegistryClient client, RepositoryId repository, RegistryManifest image, CancellationToken cancellationToken)
    {
        if (await keys.GetAsync(cancellationToken) is not { } key)
        {
            return null;
        }

        var layers = image.View().Layers.Select(l => l.Digest).ToList();
        foreach (var referrer in (await client.Referrers.ListAsync(repository.Name, image.Digest, ComponentsEvidence.ArtifactType, cancellationToken)).Take(MostLookedAt))
        {
            if (await AttachedDocuments.VerifiedAsync(client, repository, referrer.Digest, key, cancellationToken) is { } statement
                && ComponentsEvidence.Of(statement, image.Digest, layers, ScannerVersion.Current) is { } found)
            {
                return (referrer.Digest, found);
            }
        }

        return null;
    }

    /// <summary>Attaches a statement to an image. Null without an evidence key, else the digest of what was attached.</summary>
    /// <exception cref="RegistryException">The registry does not answer, or refuses.</exception>
    /// <exception cref="HttpRequestException">The list of referrers could not be written.</exception>
    public async Task<string?> AttachAsync(
        RegistryClient client, RepositoryId repository, RegistryManifest image, string artifactType, Func<string, InTotoStatement> statement, CancellationToken cancellationToken)
    {
        if (await keys.GetAsync(cancellationToken) is not { } key)
        {
            return null;
        }

        var name = $"{declared.HostOf(repository.Registry)}/{repository.Name}";
        var document = key.Sign(InTotoStatement.PayloadType, statement(name).ToBytes()).ToBytes();
        var subject = new ImageDescriptor { MediaType = image.View().MediaType, Digest = image.Digest, Size = image.Bytes.Length };
        return await new AttachedArtifact(subject, artifactType, DsseEnvelope.MediaType, document)
            .AttachAsync(client, repository.Name, new ReferrerTags(writes, repository.Registry), cancellationToken);
    }

    /// <summary>Takes what an earlier attachment was off the list of referrers, where a newer one takes its place; its content is left to the registry's own collection.</summary>
    public async Task DetachAsync(RegistryClient client, RepositoryId repository, string image, string? earlier, string newer, CancellationToken cancellationToken)
    {
        if (earlier is null || earlier == newer)
        {
            return;
        }

        var tag = RegistryReferrers.FallbackTag(image);
        if (await client.Manifests.HeadAsync(repository.Name, tag, cancellationToken) is not null)
        {
            _ = await writes.AmendAsync(
                new TagAmendment(repository, tag, present => ReferrersIndex.Without(present, earlier) is { } next ? new TagChange.Write(next) : new TagChange.Keep()), cancellationToken);
            return;
        }

        _ = await client.Manifests.DeleteAsync(repository.Name, earlier, cancellationToken);
    }
}
