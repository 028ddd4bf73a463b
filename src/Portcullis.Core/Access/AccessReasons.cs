using Portcullis.Core.Roles;

namespace Portcullis.Core.Access;

/// <summary>Why a grant gives nothing at all.</summary>
public static class AccessReasons
{
    public const string UnknownCollection = "UnknownCollection";
    public const string UnknownRole = "UnknownRole";
    public const string RoleRefused = RoleReasons.RoleRefused;
    public const string UnknownTeam = "UnknownTeam";
    public const string UnknownOrganization = "UnknownOrganization";
    public const string InvalidSubject = "InvalidSubject";
    public const string BeyondScope = "BeyondScope";
}
