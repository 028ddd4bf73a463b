using System.Text.Json.Serialization.Metadata;
using Portcullis.Core.Kinds;

namespace Portcullis.Core.Roles;

/// <summary>A named set of operations. The built-in roles ship with the program and are not objects of this kind.</summary>
public sealed record AccessRole : Resource<AccessRoleSpec, AccessRoleStatus>, IResource<AccessRole>
{
    public static ApiResource Definition { get; } = new(WellKnown.Group, WellKnown.Version, "AccessRole", "accessroles", false)
    {
        ShortNames = ["arole"],
        Categories = [WellKnown.Category],
    };

    public static JsonTypeInfo<AccessRole> JsonType => RolesJsonContext.Default.AccessRole;

    public static KindDefinition KindDefinition { get; } = new(Definition, JsonType, new CrdOptions
    {
        Description =
            "A named set of operations, kept as the ClusterRole portcullis:NAME. "
            + "None, ViewOnly, RestrictedControl, Scheduler and FullControl are built in.",
        Columns =
        [
            new PrinterColumn("ClusterRole", ".status.clusterRole"),
            new PrinterColumn("Rules", ".status.rules", "integer", 1),
            new PrinterColumn("Options", ".status.options", Priority: 1),
        ],
    })
    {
        NameIsLabelValue = true,
        Rules = [new AccessRoleRule()],
        Claims = one => [new ScopeClaim.Role("spec", one.Key.Name)],
    };
}
