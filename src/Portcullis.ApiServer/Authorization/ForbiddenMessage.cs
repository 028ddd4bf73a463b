using Portcullis.ApiServer.Authentication;
using Portcullis.ApiServer.Errors;
using Portcullis.ApiServer.Http;

namespace Portcullis.ApiServer.Authorization;

/// <summary>The message of a 403: what was refused to whom (apiserver handlers/responsewriters).</summary>
internal static class ForbiddenMessage
{
    /// <summary>The answer to a request that is not allowed.</summary>
    public static StatusException Refusal(UserInfo user, RequestAttributes request, string reason)
    {
        var details = request.IsResourceRequest ? StatusException.DetailsOf(request.Name, request.Group, request.Resource) : [];
        return new StatusException(403, "Forbidden", For(user, request, reason), details);
    }

    /// <summary>The whole message, with the resource it is about in front.</summary>
    public static string For(UserInfo user, RequestAttributes request, string reason)
    {
        var refused = Refused(user, request);
        var text = reason.Length == 0 ? refused : $"{refused}: {reason}";
        return request.IsResourceRequest
            ? Prefix(Qualified(request.Resource, request.Group), request.Name) + text
            : "forbidden: " + text;
    }

    public static string Prefix(string qualifiedResource, string name) =>
        name.Length == 0 ? $"{qualifiedResource} is forbidden: " : $"{qualifiedResource} \"{name}\" is forbidden: ";

    public static string Qualified(string resource, string group) => group.Length == 0 ? resource : $"{resource}.{group}";

    private static string Refused(UserInfo user, RequestAttributes request)
    {
        var name = PolicyRuleText.Quote(user.Name);
        if (!request.IsResourceRequest)
        {
            return $"User {name} cannot {request.Verb} path {PolicyRuleText.Quote(request.Path)}";
        }

        var resource = request.Subresource.Length == 0 ? request.Resource : $"{request.Resource}/{request.Subresource}";
        var where = request.Namespace.Length == 0 ? "at the cluster scope" : $"in the namespace \"{request.Namespace}\"";
        return $"User {name} cannot {request.Verb} resource \"{resource}\" in API group \"{request.Group}\" {where}";
    }
}
