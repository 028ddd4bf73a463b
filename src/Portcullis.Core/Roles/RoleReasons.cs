namespace Portcullis.Core.Roles;

/// <summary>The words that conditions and Events of an AccessRole use.</summary>
public static class RoleReasons
{
    /// <summary>Also of a Grant that names such a role.</summary>
    public const string RoleRefused = "RoleRefused";

    /// <summary>The operator lacks the right to give the role.</summary>
    public const string Forbidden = "Forbidden";

    public const string InUse = "InUse";
    public const string RoleReverted = "RoleReverted";
}
