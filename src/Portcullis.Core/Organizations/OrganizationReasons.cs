namespace Portcullis.Core.Organizations;

/// <summary>The reasons of conditions and Events of an Organization.</summary>
public static class OrganizationReasons
{
    public const string InvalidOrganization = "InvalidOrganization";

    /// <summary>The Secret with its users' passwords is missing, not for its source, or has no hash that counts.</summary>
    public const string SecretUnusable = "SecretUnusable";
}
