using System.Globalization;
using System.Net;
using Portcullis.Core.Organizations;

namespace Portcullis.Core.Identity;

/// <summary>What is wrong with the fields of one IdentityProvider, beyond what its schema says; each with its field.</summary>
public static class IdentityProviderCheck
{
    /// <summary>What stands for the name that a user gives.</summary>
    public const string UserPlaceholder = "{user}";

    public static IEnumerable<(string Field, string Message)> Of(IdentityProviderSpec spec) =>
        (spec.Ldap is { } ldap ? OfLdap(ldap) : []).Concat(spec.Oidc is { } oidc ? OfOidc(oidc) : []);

    private static IEnumerable<(string Field, string Message)> OfLdap(LdapDirectory ldap)
    {
        if (!Uri.TryCreate(ldap.Url, UriKind.Absolute, out var url) || url.Host.Length == 0)
        {
            yield return ("spec.ldap.url", $"\"{ldap.Url}\" is not a URL");
        }
        else if (url.Scheme == "ldap" && ldap.StartTls != true && !IsThisMachine(url))
        {
            yield return ("spec.ldap.url", "passwords would be sent in plain text: use ldaps://, or startTls: true");
        }
        else if (url.Scheme == "ldaps" && ldap.StartTls == true)
        {
            yield return ("spec.ldap.startTls", "ldaps:// begins with TLS already: leave startTls out");
        }

        if (ldap.UserDnTemplate is { } template && !template.Contains(UserPlaceholder, StringComparison.Ordinal))
        {
            yield return ("spec.ldap.userDnTemplate", $"it must contain {UserPlaceholder}, or everybody would be the same user");
        }

        if (ldap.Search is { } search && !search.Filter.Contains(UserPlaceholder, StringComparison.Ordinal))
        {
            yield return ("spec.ldap.search.filter", $"it must contain {UserPlaceholder}, or everybody would be the same user");
        }
    }

    private static IEnumerable<(string Field, string Message)> OfOidc(OidcIssuer oidc)
    {
        if (!Uri.TryCreate(oidc.Issuer, UriKind.Absolute, out var url) || url.Host.Length == 0 || url.UserInfo.Length > 0)
        {
            yield return ("spec.oidc.issuer", $"\"{oidc.Issuer}\" is not the URL of an issuer");
        }
        else if (url.Scheme != Uri.UriSchemeHttps && !IsThisMachine(url))
        {
            yield return ("spec.oidc.issuer", "somebody on the way could exchange its keys: use https://");
        }

        if (oidc.Claims.All(c => c.Values.Any(v => v.All(letter => letter == '*'))))
        {
            yield return ("spec.oidc.claims", "no claim is pinned: name at least one with values other than *");
        }

        foreach (var problem in OfUserName(oidc.UserName))
        {
            yield return ("spec.oidc.userName", problem);
        }

        for (var i = 0; i < oidc.Claims.Count; i++)
        {
            if (oidc.Claims[i].Claim is "iss" or "aud" or "exp" or "nbf" or "iat")
            {
                yield return (string.Create(CultureInfo.InvariantCulture, $"spec.oidc.claims[{i}].claim"), $"{oidc.Claims[i].Claim} pins nothing: it is always checked");
            }
        }
    }

    private static IEnumerable<string> OfUserName(string template)
    {
        if (ClaimTemplate.Parse(template) is not { } parsed)
        {
            yield return $"\"{template}\" has a brace without its other half, or an empty name between braces";
        }
        else if (parsed.Claims.Count == 0)
        {
            yield return "it must contain a claim, as in ci:{project_path}, or every job would be the same user";
        }
        else if (!OrganizationMembers.IsAllowed(template))
        {
            yield return "names that begin with system: or portcullis: are reserved";
        }
    }

    private static bool IsThisMachine(Uri url) => IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) ? IPAddress.IsLoopback(address) : url.Host == "localhost";
}
