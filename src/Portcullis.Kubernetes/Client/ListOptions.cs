namespace Portcullis.Kubernetes.Client;

/// <summary>Which objects a list or watch is about.</summary>
public sealed record ListOptions
{
    /// <summary>Empty for all namespaces, and for cluster-scoped kinds.</summary>
    public string Namespace { get; init; } = "";

    public string? LabelSelector { get; init; }

    public string? FieldSelector { get; init; }

    /// <summary>Objects a page; pages are followed by their <c>continue</c> token.</summary>
    public int PageSize { get; init; } = 500;
}
