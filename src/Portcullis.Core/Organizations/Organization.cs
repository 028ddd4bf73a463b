using System.Text.Json.Serialization.Metadata;
using Portcullis.Core.Kinds;

namespace Portcullis.Core.Organizations;

/// <summary>Who there is: users with their public keys, and the teams that grants, registry permissions and signing name.</summary>
public sealed record Organization : Resource<OrganizationSpec, OrganizationStatus>, IResource<Organization>
{
    public static ApiResource Definition { get; } = new(WellKnown.Group, WellKnown.Version, "Organization", "organizations", false)
    {
        ShortNames = ["org"],
        Categories = [WellKnown.Category],
    };

    public static JsonTypeInfo<Organization> JsonType => OrganizationsJsonContext.Default.Organization;

    public static KindDefinition KindDefinition { get; } = new(Definition, JsonType, new CrdOptions
    {
        Description = "Users with their public keys, and the teams that grants, registry permissions and signing policies name.",
        Columns =
        [
            new PrinterColumn("Members", ".status.members", "integer"),
            new PrinterColumn("Teams", ".status.teamCount", "integer"),
        ],
    })
    {
        Rules = [new OrganizationRule()],
        Claims = one => [new ScopeClaim.Subject("metadata.name", $"Organization:{one.Key.Name}")],
    };
}
