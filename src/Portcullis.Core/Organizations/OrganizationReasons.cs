namespace Portcullis.Core.Organizations;

/// <summary>The reasons of conditions and Events of an Organization.</summary>
public static class OrganizationReasons
{
    public const string InvalidOrganization = "InvalidOrganization";
}
