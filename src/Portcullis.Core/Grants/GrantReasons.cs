using Portcullis.Core.Roles;

namespace Portcullis.Core.Grants;

/// <summary>The words that conditions and Events of a Grant use.</summary>
public static class GrantReasons
{
    public const string UnknownCollection = "UnknownCollection";
    public const string UnknownRole = "UnknownRole";
    public const string RoleRefused = RoleReasons.RoleRefused;
    public const string UnknownTeam = "UnknownTeam";
    public const string UnknownOrganization = "UnknownOrganization";
    public const string InvalidSubject = "InvalidSubject";
    public const string BeyondScope = "BeyondScope";
    public const string BindingsNotInForce = "BindingsNotInForce";
    public const string Started = "Started";
    public const string BindingReverted = "BindingReverted";
}
