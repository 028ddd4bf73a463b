using System.Text.Json.Serialization.Metadata;
using Portcullis.Core.Kinds;

namespace Portcullis.Core.Repositories;

/// <summary>A repository of a registry: who sees it, which tags never change, what may be pulled, who is notified.</summary>
public sealed record Repository : Resource<RepositorySpec, RepositoryStatus>, IResource<Repository>
{
    public static ApiResource Definition { get; } = new(WellKnown.Group, WellKnown.Version, "Repository", "repositories", false)
    {
        ShortNames = ["repo"],
        Categories = [WellKnown.Category],
    };

    public static JsonTypeInfo<Repository> JsonType => RepositoriesJsonContext.Default.Repository;

    public static KindDefinition KindDefinition { get; } = new(Definition, JsonType, new CrdOptions
    {
        Description = "A repository of a registry: visibility, immutable tags, pull blocking and webhooks, enforced by the gateway.",
        Columns =
        [
            new PrinterColumn("Repository", ".spec.name"),
            new PrinterColumn("Visibility", ".spec.visibility"),
            new PrinterColumn("Tags", ".status.tags", "integer"),
            new PrinterColumn("Critical", ".status.scans.mostCritical", "integer"),
            new PrinterColumn("Scans failed", ".status.scans.failed", "integer", 1),
            new PrinterColumn("Last push", ".status.lastPush.tag", Priority: 1),
            new PrinterColumn("Last promotion", ".status.lastPromotion.tag", Priority: 1),
            new PrinterColumn("Pending", ".status.pendingDeliveries", "integer", 1),
            new PrinterColumn("Dead letters", ".status.deadLetters", "integer", 1),
        ],
    })
    {
        Rules = [new RepositoryRule()],
        Claims = one => [new ScopeClaim.Repository("spec.name", TypedObject.Read<Repository>(one.Value).Spec.Name)],
    };
}
