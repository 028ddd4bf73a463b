using System.Text.Json.Nodes;

namespace Portcullis.Kubernetes.Client;

/// <summary>How a write is made. The field manager is always named: it is what drift reports read back.</summary>
public sealed record WriteOptions(string FieldManager)
{
    /// <summary>Server-side apply only: take fields from other managers.</summary>
    public bool Force { get; init; } = true;

    public bool DryRun { get; init; }

    /// <summary>Strict makes unknown and duplicate fields an error; Warn (the server's default) and Ignore as in the API.</summary>
    public string? FieldValidation { get; init; }
}

/// <summary>What must hold for a delete to happen, and what becomes of dependents (Background, Foreground or Orphan).</summary>
public sealed record DeleteOptions
{
    public string? Uid { get; init; }

    public string? ResourceVersion { get; init; }

    public string? PropagationPolicy { get; init; }

    public bool DryRun { get; init; }
}

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

/// <summary>
/// The Kubernetes API over untyped objects: what everything that handles kinds it does not know (the Git applier, plans, tests)
/// uses. Typed reads are in <see cref="TypedReads"/>. Every method throws <see cref="KubernetesApiException"/> for a Status
/// and <see cref="HttpRequestException"/> when the server cannot be reached.
/// </summary>
public interface IKubernetesClient
{
    /// <summary>The object, or null when there is none.</summary>
    Task<JsonObject?> GetAsync(ApiResource resource, ObjectKey key, CancellationToken cancellationToken);

    /// <summary>All objects, page by page.</summary>
    IAsyncEnumerable<JsonObject> ListAsync(ApiResource resource, ListOptions options, CancellationToken cancellationToken);

    /// <summary>Any one of the objects, by a single request; null when there is none.</summary>
    Task<JsonObject?> FirstAsync(ApiResource resource, ListOptions options, CancellationToken cancellationToken);

    Task<JsonObject> CreateAsync(ApiResource resource, JsonObject body, WriteOptions options, CancellationToken cancellationToken);

    /// <summary>Server-side apply of exactly the fields in <paramref name="body"/>.</summary>
    Task<JsonObject> ApplyAsync(ApiResource resource, JsonObject body, WriteOptions options, CancellationToken cancellationToken);

    /// <summary>Server-side apply of the status subresource.</summary>
    Task<JsonObject> ApplyStatusAsync(ApiResource resource, JsonObject body, WriteOptions options, CancellationToken cancellationToken);

    /// <summary>JSON merge patch (RFC 7386) of the object or, when named, a subresource.</summary>
    Task<JsonObject> MergePatchAsync(
        ApiResource resource, ObjectKey key, JsonObject patch, WriteOptions options, CancellationToken cancellationToken, string? subresource = null);

    /// <summary>False when the object was already gone.</summary>
    Task<bool> DeleteAsync(ApiResource resource, ObjectKey key, DeleteOptions options, CancellationToken cancellationToken);

    /// <summary>The kinds the server has now (discovery), for mapping manifests to URLs. Cached; refreshed when a kind is not found.</summary>
    Task<ApiResource?> FindResourceAsync(string apiVersion, string kind, CancellationToken cancellationToken);

    /// <summary>
    /// A kind by whichever version the server serves now, its preferred one first; null when by none. Asks the server and remembers nothing from
    /// before: a version that was known may be served no longer.
    /// </summary>
    Task<ApiResource?> FindServedAsync(string group, string kind, CancellationToken cancellationToken);

    /// <summary>POST of a review or other kind that is answered, not stored (SubjectAccessReview, TokenReview).</summary>
    Task<JsonObject> PostAsync(string path, JsonObject body, CancellationToken cancellationToken);
}
