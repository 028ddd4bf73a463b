namespace Portcullis.ApiServer.Http;

/// <summary>Finds from method and path what a request asks for (apiserver's RequestInfoFactory).</summary>
internal static class RequestParser
{
    private static readonly string[] NamespaceSubresources = ["status", "finalize"];

    public static RequestAttributes Parse(string method, string path, QueryOptions query)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString).ToArray();
        var isCore = parts.Length >= 1 && parts[0] == "api";
        var isGroup = parts.Length >= 1 && parts[0] == "apis";
        var start = isCore ? 2 : 3;
        if ((!isCore && !isGroup) || parts.Length <= start)
        {
            return new RequestAttributes { Verb = method.ToLowerInvariant(), Path = path };
        }

        var rest = parts.AsSpan(start);
        var oldWatch = rest[0] == "watch" && rest.Length > 1;
        if (oldWatch)
        {
            rest = rest[1..];
        }

        var resource = Place(rest, out var @namespace, out var name, out var subresource);
        var verb = Verb(method, name, query, oldWatch);
        return new RequestAttributes
        {
            Verb = verb,
            Path = path,
            IsResourceRequest = true,
            Group = isCore ? "" : parts[1],
            Version = parts[start - 1],
            Resource = resource,
            Subresource = subresource,
            Namespace = @namespace,
            Name = name,
            FieldSelector = verb is "list" or "watch" && !oldWatch ? query.FieldSelector : null,
        };
    }

    private static string Place(ReadOnlySpan<string> parts, out string @namespace, out string name, out string subresource)
    {
        @namespace = "";
        if (parts[0] == "namespaces" && parts.Length > 1)
        {
            @namespace = parts[1];
            if (parts.Length > 2 && !(parts.Length == 3 && NamespaceSubresources.Contains(parts[2])))
            {
                parts = parts[2..];
            }
        }

        name = parts.Length > 1 ? parts[1] : "";
        subresource = parts.Length > 2 ? string.Join('/', parts[2..].ToArray()) : "";
        return parts[0];
    }

    private static string Verb(string method, string name, QueryOptions query, bool oldWatch) => method switch
    {
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => name.Length == 0 ? "deletecollection" : "delete",
        _ when query.Watch || oldWatch => "watch",
        _ => name.Length == 0 ? "list" : "get",
    };
}
