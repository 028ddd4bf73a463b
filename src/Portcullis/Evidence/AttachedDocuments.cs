using Portcullis.Clients.Registry;
using Portcullis.Core.Attestations;
using Portcullis.Core.Repositories;

namespace Portcullis.Evidence;

/// <summary>Reads documents that are attached to images: each is one layer of a manifest that has the image as its subject.</summary>
internal static class AttachedDocuments
{
    /// <summary>A list of the components of a large image has some megabytes.</summary>
    private const int LargestDocument = 64 * 1024 * 1024;

    /// <summary>The document of a referrer; null when it is not there, or has another form.</summary>
    /// <exception cref="RegistryException">The registry does not answer, or what it has is damaged.</exception>
    public static async Task<byte[]?> ReadAsync(RegistryClient client, RepositoryId repository, string referrer, CancellationToken cancellationToken, int largest = LargestDocument) =>
        await client.Manifests.GetAsync(repository.Name, referrer, cancellationToken) is { } manifest && manifest.View().Layers is [var document]
            ? await client.Blobs.ReadAsync(repository.Name, document.Digest, largest, cancellationToken)
            : null;

    /// <summary>The statement of a referrer that is signed by this key; null for anything else, also for what cannot be read: whoever may push may attach anything.</summary>
    /// <exception cref="RegistryException">The registry does not answer.</exception>
    public static async Task<InTotoStatement?> VerifiedAsync(
        RegistryClient client, RepositoryId repository, string referrer, EvidenceKey key, CancellationToken cancellationToken, int largest = LargestDocument)
    {
        try
        {
            return await ReadAsync(client, repository, referrer, cancellationToken, largest) is { } document ? VerifiedIn(document, key) : null;
        }
        catch (RegistryException e) when (!e.IsTransient)
        {
            return null;
        }
    }

    /// <summary>The statement in a document, when this key signed it; else null.</summary>
    public static InTotoStatement? VerifiedIn(byte[] document, EvidenceKey key) =>
        DsseEnvelope.Read(document) is { PayloadType: InTotoStatement.PayloadType } envelope && key.Verified(envelope) is { } payload ? InTotoStatement.Read(payload) : null;

    /// <summary>The statement in a document whose signature was verified, or whose digest an object names that only the operator writes.</summary>
    public static InTotoStatement? StatementOf(byte[]? document) =>
        document is not null && DsseEnvelope.Read(document) is { PayloadType: InTotoStatement.PayloadType } envelope && envelope.PayloadBytes() is { } payload ? InTotoStatement.Read(payload) : null;
}
