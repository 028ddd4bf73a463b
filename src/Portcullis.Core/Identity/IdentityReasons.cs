namespace Portcullis.Core.Identity;

/// <summary>Reasons of an IdentityProvider's conditions.</summary>
public static class IdentityReasons
{
    public const string InvalidIdentityProvider = "InvalidIdentityProvider";
}
