using System.Text.Json.Serialization.Metadata;
using Portcullis.Core.Access;
using Portcullis.Core.Kinds;

namespace Portcullis.Core.Grants;

/// <summary>Somebody may do something somewhere.</summary>
public sealed record Grant : Resource<GrantSpec, GrantStatus>, IResource<Grant>
{
    public static ApiResource Definition { get; } = new(WellKnown.Group, WellKnown.Version, "Grant", "grants", false)
    {
        ShortNames = ["grant"],
        Categories = [WellKnown.Category],
    };

    public static JsonTypeInfo<Grant> JsonType => GrantsJsonContext.Default.Grant;

    /// <summary>What of it counts for access.</summary>
    public AccessGrant ToAccess() => new(Metadata, Spec);

    public static KindDefinition KindDefinition { get; } = new(Definition, JsonType, new CrdOptions
    {
        Description = "A subject holds a role on a collection: RoleBindings in every namespace reached.",
        Columns =
        [
            new PrinterColumn("Subject", ".spec.subject.name"),
            new PrinterColumn("Role", ".spec.role"),
            new PrinterColumn("Collection", ".spec.collection"),
            new PrinterColumn("Reach", ".spec.reach", Priority: 1),
            new PrinterColumn("Namespaces", ".status.effective.namespaces", "integer"),
            new PrinterColumn("Permission", ".spec.repositoryPermission", Priority: 1),
            new PrinterColumn("Repositories", ".status.effective.repositoryPatterns", "integer", 1),
            new PrinterColumn("Next change", ".status.effective.nextChange", Priority: 1),
        ],
    })
    {
        Rules = [new GrantRule()],
        MustBeDeclared = one => one is Grant { Spec.Role: "FullControl" },
        Claims = one => GrantClaims.Of(TypedObject.Read<Grant>(one.Value).Spec),
    };
}
