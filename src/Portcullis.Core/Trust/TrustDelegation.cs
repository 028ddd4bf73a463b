using System.Text.Json.Serialization.Metadata;
using Portcullis.Core.Kinds;

namespace Portcullis.Core.Trust;

/// <summary>Who may sign the images of repositories: the roots that are trusted, and the delegations of each repository's trust data.</summary>
public sealed record TrustDelegation : Resource<TrustDelegationSpec, TrustDelegationStatus>, IResource<TrustDelegation>
{
    public static ApiResource Definition { get; } = new(WellKnown.Group, WellKnown.Version, "TrustDelegation", "trustdelegations", false)
    {
        ShortNames = ["trust"],
        Categories = [WellKnown.Category],
    };

    public static JsonTypeInfo<TrustDelegation> JsonType => TrustJsonContext.Default.TrustDelegation;

    public static KindDefinition KindDefinition { get; } = new(Definition, JsonType, new CrdOptions
    {
        Description = "Who may sign the images of repositories: pinned root keys, delegations and their signers, published to the registry's Notary server.",
        Columns =
        [
            new PrinterColumn("Registry", ".spec.registry"),
            new PrinterColumn("Repositories", ".status.count", "integer"),
            new PrinterColumn("Published", ".status.published", "integer"),
            new PrinterColumn("Pending", ".status.pending", "integer"),
            new PrinterColumn("Drifted", ".status.drifted", "integer", 1),
            new PrinterColumn("Expires", ".status.expiresAt", Priority: 1),
        ],
    })
    {
        // Whoever pins a root key decides whose signatures let images run.
        MustBeDeclared = _ => true,
        Rules = [new TrustDelegationRule()],
        Claims = one => TrustClaims.Of(TypedObject.Read<TrustDelegation>(one.Value).Spec),
    };
}
