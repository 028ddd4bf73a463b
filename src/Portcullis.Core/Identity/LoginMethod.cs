namespace Portcullis.Core.Identity;

/// <summary>How somebody showed who he is.</summary>
public enum LoginMethod
{
    /// <summary>Not at all: he may pull from public repositories.</summary>
    Anonymous,

    /// <summary>A password of an Organization's Secret.</summary>
    Password,

    /// <summary>A personal access token.</summary>
    AccessToken,

    /// <summary>An LDAP directory accepted the password.</summary>
    Directory,

    /// <summary>A token of a Kubernetes ServiceAccount.</summary>
    ServiceAccount,

    /// <summary>A token of an OpenID Connect issuer, such as a CI system gives to its jobs.</summary>
    OpenIdConnect,
}
