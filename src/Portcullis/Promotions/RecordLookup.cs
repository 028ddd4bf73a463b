using System.Text.Json;
using Portcullis.Clients.Registry;
using Portcullis.Core.Attestations;
using Portcullis.Core.Promotions;
using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;
using Portcullis.Evidence;
using Portcullis.Kubernetes.Client;
using Portcullis.Registries;
using Portcullis.Secrets;

namespace Portcullis.Promotions;

/// <summary>
/// Reads the decision records beside an image from the registry itself, with what the caller may read of the cluster: the Registry's Secrets and the
/// evidence key. What he may not read, and a registry that he cannot reach, leave the records unchecked.
/// </summary>
internal sealed class RecordLookup(KubernetesClient client, TimeProvider time)
{
    private const int MostShown = 20;

    /// <summary>The explanation with its records, or with why they could not be checked.</summary>
    public async Task<PromotionExplanation> CheckAsync(PromotionExplanation explanation, Registry registry, CancellationToken cancellationToken)
    {
        var repositories = explanation.PromotedTo().ToList();
        if (repositories.Count == 0 || explanation.Digest is not { } digest)
        {
            return explanation;
        }

        try
        {
            using var keys = new EvidenceKeys(client, time);
            var key = await keys.GetAsync(cancellationToken);
            using var connection = await new RegistryConnector(new BoundSecrets(client), new DeclaringSources(null), time).ConnectAsync(registry, cancellationToken);
            var found = new List<RecordExplanation>();
            foreach (var repository in repositories)
            {
                found.AddRange(await ReadAsync(connection.Client, new RepositoryId(registry.Key.Name, repository), digest, key, cancellationToken));
            }

            return explanation with { Records = found };
        }
        catch (Exception e) when (e is RegistryException or RegistryUnavailableException or KubernetesApiException or HttpRequestException)
        {
            return explanation with { RecordsNotChecked = e.Message };
        }
    }

    private static async Task<IEnumerable<RecordExplanation>> ReadAsync(RegistryClient registry, RepositoryId repository, string digest, EvidenceKey? key, CancellationToken cancellationToken)
    {
        var attached = await registry.Referrers.ListAsync(repository.Name, digest, PromotionEvidence.ArtifactType, cancellationToken);
        var found = new List<RecordExplanation>();
        foreach (var record in attached.TakeLast(MostShown))
        {
            var document = await DocumentAsync(registry, repository, record.Digest, cancellationToken);
            found.Add(Judge(new RecordExplanation(repository.Name, record.Digest), document, digest, key));
        }

        return found.OrderBy(r => r.Decision?.Time ?? DateTimeOffset.MaxValue);
    }

    private static async Task<byte[]?> DocumentAsync(RegistryClient registry, RepositoryId repository, string record, CancellationToken cancellationToken)
    {
        try
        {
            return await AttachedDocuments.ReadAsync(registry, repository, record, cancellationToken, PromotionEvidence.LargestRecord);
        }
        catch (RegistryException e) when (!e.IsTransient)
        {
            return null;
        }
    }

    private static RecordExplanation Judge(RecordExplanation record, byte[]? document, string digest, EvidenceKey? key)
    {
        if (document is null)
        {
            return record with { Ignored = "it cannot be read" };
        }

        if (DsseEnvelope.Read(document) is null)
        {
            return key is null && Unsigned(document) is { } decision ? record with { Decision = decision } : record with { Ignored = "it is not signed" };
        }

        return key is null ? record with { Ignored = $"it is signed, and there is no key to verify it by: the Secret {EvidenceKeys.Secret} is missing" }
            : AttachedDocuments.VerifiedIn(document, key) is not { } statement ? record with { Ignored = "its signature is not by the operator's evidence key" }
            : PromotionEvidence.Read(statement, digest) is { } read ? record with { Decision = read, Signed = true }
            : record with { Ignored = "it is signed, and about something else than the promotion of this image" };
    }

    private static PromotionEvidence? Unsigned(byte[] document)
    {
        try
        {
            return JsonSerializer.Deserialize(document, PromotionsJsonContext.Default.PromotionEvidence);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
