using Portcullis.Clients.Registry;
using Portcullis.Core.Attestations;
using Portcullis.Core.Promotions;
using Portcullis.Evidence;
using Portcullis.Objects.Json;
using Portcullis.Repositories.Writes;

namespace Portcullis.Promotions;

/// <summary>Keeps a decision record beside each promoted image, signed by the operator's evidence key where there is one.</summary>
internal sealed class PromotionRecords(EvidenceKeys keys, ITagWrites writes, DeclaredRepositories declared)
{
    /// <summary>Writes the record, unless there is one of the same decision already, by whomever.</summary>
    /// <exception cref="RegistryException">The registry does not answer, or refuses.</exception>
    public async Task WriteAsync(RegistryClient registry, PromotionAction.Promote action, ImageDescriptor image, PromotionEvidence evidence, CancellationToken cancellationToken)
    {
        var key = await keys.GetAsync(cancellationToken);
        var equal = new EqualRecords(registry, action.Target, evidence, key);

        // A decision that was recorded by this very run has no record yet, and nobody is asked for one.
        if (action.IsRecorded && await equal.AreThereAsync(cancellationToken))
        {
            return;
        }

        var (type, content) = key is null
            ? (PromotionEvidence.ArtifactType, evidence.ToBytes())
            : (DsseEnvelope.MediaType, key.Sign(InTotoStatement.PayloadType, evidence.ToStatement($"{declared.HostOf(action.Target.Registry)}/{action.Target.Name}").ToBytes()).ToBytes());
        await new AttachedArtifact(image, PromotionEvidence.ArtifactType, type, content)
        {
            Annotations = new Dictionary<string, string>
            {
                ["org.opencontainers.image.created"] = KubernetesJson.Time(evidence.Time),
                [PromotionEvidence.DecisionAnnotation] = evidence.Decision,
            },
        }.AttachAsync(registry, action.Target.Name, new RecordTags(writes, action.Target.Registry, equal), cancellationToken);
    }
}
