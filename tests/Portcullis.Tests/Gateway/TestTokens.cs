using System.Buffers.Text;
using System.Text;
using Microsoft.AspNetCore.Http;
using Portcullis.Core.Access;
using Portcullis.Core.Identity;
using Portcullis.Gateway;
using Portcullis.Tokens;

namespace Portcullis.Tests.Gateway;

/// <summary>A token service that believes everybody: it gives what is asked for, so that the gateway alone decides.</summary>
internal sealed class TestTokens : ITokenVerifier, ITokenEndpoint
{
    /// <param name="user">Whose it is; <c>ann|shop/web</c> for an access token of ann that writes to shop/web alone.</param>
    /// <param name="scopes">What it is for.</param>
    public static string Of(string user, params string[] scopes) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Join(' ', [user, .. scopes])));

    public TokenVerdict Verify(string bearer, string host)
    {
        if (!Base64Url.IsValid(bearer))
        {
            return new TokenVerdict.Refused("it is no token of the test");
        }

        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(bearer)).Split(' ');
        var (user, limit) = parts[0].Split('|') is [var name, var repositories] ? (name, new AccessTokenLimit("of-the-test", RepositoryPermission.ReadWrite, [repositories])) : (parts[0], null);
        var caller = user.Length == 0 ? GatewayCaller.Anonymous : new GatewayCaller { User = new AccessUser(user), Method = LoginMethod.Password, Limit = limit };
        return new TokenVerdict.Accepted(caller, [.. parts.Skip(1).Select(AccessOf)]);
    }

    public Task AnswerAsync(HttpContext http, Core.Registries.Registry registry)
    {
        var header = http.Request.Headers.Authorization.ToString();
        var user = header.StartsWith("Basic ", StringComparison.Ordinal) ? Encoding.UTF8.GetString(Convert.FromBase64String(header[6..])).Split(':')[0] : "";
        var scopes = http.Request.Query["scope"].SelectMany(s => s!.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return http.Response.WriteAsync($$"""{"token":"{{Of(user, [.. scopes])}}","expires_in":300}""");
    }

    private static TokenAccess AccessOf(string scope)
    {
        var (first, last) = (scope.IndexOf(':', StringComparison.Ordinal), scope.LastIndexOf(':'));
        return new TokenAccess(scope[..first], scope[(first + 1)..last], scope[(last + 1)..].Split(','));
    }
}
