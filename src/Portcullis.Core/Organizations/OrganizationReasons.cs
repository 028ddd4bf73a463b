namespace Portcullis.Core.Organizations;

/// <summary>The words that conditions and Events of an Organization use.</summary>
public static class OrganizationReasons
{
    public const string InvalidOrganization = "InvalidOrganization";
}
