namespace Portcullis.Core.Roles;

/// <summary>The reasons of conditions and Events of an AccessRole.</summary>
public static class RoleReasons
{
    /// <summary>Also of a Grant that names such a role.</summary>
    public const string RoleRefused = "RoleRefused";

    /// <summary>The operator lacks the right to give the role.</summary>
    public const string Forbidden = "Forbidden";

    public const string InUse = "InUse";
    public const string RoleReverted = "RoleReverted";
}
