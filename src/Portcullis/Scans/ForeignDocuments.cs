using System.Collections.Concurrent;
using Portcullis.Clients.Registry;
using Portcullis.Core.Attestations;
using Portcullis.Core.Promotions;
using Portcullis.Core.Repositories;
using Portcullis.Core.Scans;
using Portcullis.Evidence;
using Portcullis.Registries;
using Portcullis.Repositories.Ledger;
using Portcullis.Repositories.Writes;

namespace Portcullis.Scans;

/// <summary>
/// Reads the reports and VEX documents that others attached to an image. What a ledger shows to be unchanged is not read again.
/// </summary>
internal sealed class ForeignDocuments(DeclaredRepositories declared, TagLedgers ledgers, RegistryConnections connections, EvidenceAuthors authors, TimeProvider time)
{
    /// <summary>Whoever may push may attach any number.</summary>
    private const int MostRead = 50;

    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(50);

    private static readonly string[] Own = [ComponentsEvidence.ArtifactType, ResultReports.ArtifactType, PromotionEvidence.ArtifactType];

    private readonly ConcurrentDictionary<(RepositoryId Repository, string Digest), Known> _known = new();

    /// <exception cref="HttpRequestException">The registry does not answer: what hides and what adds findings is not known then.</exception>
    public async Task<ForeignEvidence> OfAsync(RepositoryId repository, string digest, CancellationToken cancellationToken)
    {
        if (declared.Find(repository) is not { Spec.EvidenceAuthors: { Count: > 0 } } declaration)
        {
            return ForeignEvidence.None;
        }

        var version = (declaration.Metadata.Generation, ledgers.Find(repository, RegistryReferrers.FallbackTag(digest))?.Digest);
        if (_known.TryGetValue((repository, digest), out var known) && known.Version == version && time.GetElapsedTime(known.At) < Remembered)
        {
            return known.Evidence;
        }

        try
        {
            var found = await ReadAsync(repository, digest, await authors.OfAsync(declaration, cancellationToken), cancellationToken);
            _known[(repository, digest)] = new Known(version, time.GetTimestamp(), found);
            return found;
        }
        catch (Exception e) when (e is RegistryException or RegistryUnavailableException)
        {
            throw new HttpRequestException(e.Message, e);
        }
    }

    private async Task<ForeignEvidence> ReadAsync(RepositoryId repository, string digest, IReadOnlyList<(string Name, EvidenceKey Key)> keys, CancellationToken cancellationToken)
    {
        var client = await connections.GetAsync(repository.Registry, cancellationToken);
        var evidence = ForeignEvidence.None;
        var attached = (await client.Referrers.ListAsync(repository.Name, digest, null, cancellationToken)).Where(r => !Own.Contains(r.ArtifactType, StringComparer.Ordinal));
        foreach (var referrer in attached.OrderBy(r => r.Digest, StringComparer.Ordinal).Take(MostRead))
        {
            evidence = await AddAsync(evidence, client, repository, digest, referrer.Digest, keys, cancellationToken);
        }

        return evidence;
    }

    private static async Task<ForeignEvidence> AddAsync(
        ForeignEvidence evidence, RegistryClient client, RepositoryId repository, string image, string referrer, IReadOnlyList<(string Name, EvidenceKey Key)> keys, CancellationToken cancellationToken)
    {
        byte[]? document;
        try
        {
            document = await AttachedDocuments.ReadAsync(client, repository, referrer, cancellationToken);
        }
        catch (RegistryException e) when (!e.IsTransient)
        {
            return evidence.Without(referrer, e.Message);
        }

        if (document is null || DsseEnvelope.Read(document) is not { } envelope)
        {
            return evidence.Without(referrer, "it is not signed");
        }

        foreach (var (name, key) in keys)
        {
            if (key.Verified(envelope) is { } payload)
            {
                return evidence.With(name, referrer, payload, image);
            }
        }

        return evidence.Without(referrer, "it is signed by nobody whom spec.evidenceAuthors names");
    }

    private sealed record Known((long? Generation, string? List) Version, long At, ForeignEvidence Evidence);
}
