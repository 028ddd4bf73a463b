using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Portcullis.Core.Repositories;

/// <summary>Somebody whose signed reports and VEX documents count.</summary>
[Rule("has(self.publicKey) != has(self.secretRef)", "name one of publicKey and secretRef")]
public sealed record EvidenceAuthor
{
    [Description("Named as the evidence in status and decisions.")]
    [StringLength(63, MinimumLength = 1)]
    [RegularExpression("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")]
    public required string Name { get; init; }

    [Description("The public key in PEM: ECDSA on P-256, as cosign makes it.")]
    [StringLength(4096, MinimumLength = 1)]
    public string? PublicKey { get; init; }

    [Description("The Secret in portcullis-system whose key publicKey is the public key in PEM.")]
    public SecretReference? SecretRef { get; init; }
}
