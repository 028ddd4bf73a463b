namespace Portcullis.ApiServer.Http;

/// <summary>The attributes of a request that authorization and admission decide by (apiserver RequestInfo).</summary>
internal sealed record RequestAttributes
{
    /// <summary>get, list, watch, create, update, patch, delete, deletecollection; or the lower-case HTTP method for other paths.</summary>
    public required string Verb { get; init; }

    public required string Path { get; init; }

    public bool IsResourceRequest { get; init; }

    public string Group { get; init; } = "";

    public string Version { get; init; } = "";

    public string Resource { get; init; } = "";

    public string Subresource { get; init; } = "";

    /// <summary>Empty for cluster scope. For a request on a namespace itself, that namespace's own name.</summary>
    public string Namespace { get; init; } = "";

    public string Name { get; init; } = "";

    /// <summary>
    /// The field selector of list and watch, as sent. Any other request has none, even if one was sent: what a create makes and what a
    /// deletecollection deletes is not what the selector names.
    /// </summary>
    public string? FieldSelector { get; init; }
}
