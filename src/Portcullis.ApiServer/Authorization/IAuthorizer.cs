using Portcullis.ApiServer.Authentication;
using Portcullis.ApiServer.Http;

namespace Portcullis.ApiServer.Authorization;

/// <summary><see cref="Reason"/> is what reviews and 403 messages carry.</summary>
internal readonly record struct AuthorizationDecision(bool Allowed, string Reason);

/// <summary>May this user do this? Called for every request and by the access reviews; in memory, so synchronous.</summary>
internal interface IAuthorizer
{
    AuthorizationDecision Authorize(UserInfo user, RequestAttributes request);
}
