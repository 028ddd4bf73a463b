using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Portcullis.Core.Kinds;

namespace Portcullis.Core.Organizations;

/// <summary>Who there is: users with their public keys, and the teams that grants, registry permissions and signing name.</summary>
public sealed record Organization : Resource<OrganizationSpec, OrganizationStatus>, IResource<Organization>
{
    public static ApiResource Definition { get; } = new(WellKnown.Group, WellKnown.Version, "Organization", "organizations", false)
    {
        ShortNames = ["org", "orgs"],
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
        Claims = one => [new ScopeClaim.Subject("metadata.name", $"Organization:{one.Key.Name}"), .. Passwords(TypedObject.Read<Organization>(one.Value).Spec)],
    };

    /// <summary>Who sets somebody's password can be him: that needs a scope in which he may be given something at all.</summary>
    private static IEnumerable<ScopeClaim> Passwords(OrganizationSpec spec) => spec.PasswordsSecretRef is null
        ? []
        : (spec.Users ?? []).Select((u, i) => new ScopeClaim.Subject(string.Create(CultureInfo.InvariantCulture, $"spec.users[{i}].name"), $"User:{u.Name}"));
}
