using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Portcullis.Objects.Json;

namespace Portcullis.Kubernetes.Client;

/// <summary>
/// The verbs of the Kubernetes API over untyped objects: for everything that handles kinds it does not know (the Git applier, plans, tests).
/// Typed reads are in <see cref="TypedReads"/>, pages and watches in <see cref="CollectionClient"/>. <paramref name="http"/> brings the server's
/// address, credentials and retries. Every method throws <see cref="KubernetesApiException"/> for a Status and
/// <see cref="HttpRequestException"/> when the server cannot be reached.
/// </summary>
public sealed class KubernetesClient(HttpClient http, TimeProvider? time = null)
{
    private readonly ApiTransport _transport = new(http, time ?? TimeProvider.System);
    private readonly Discovery _discovery = new(new ApiTransport(http, time ?? TimeProvider.System));

    /// <summary>Lists and watches of one kind, as the reflectors use them.</summary>
    public CollectionClient Collection(ApiResource resource, ListOptions? options = null) => new(_transport, resource, options ?? new ListOptions());

    /// <summary>The object, or null when there is none.</summary>
    public Task<JsonObject?> GetAsync(ApiResource resource, ObjectKey key, CancellationToken cancellationToken) =>
        _transport.SendForObjectAsync(ApiRequest.Get(resource.ObjectPath(key)), cancellationToken, absentIsNull: true);

    /// <summary>All objects, page by page.</summary>
    public async IAsyncEnumerable<JsonObject> ListAsync(
        ApiResource resource, ListOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Whole before the first is given: a list that expires between pages starts again, and nobody may see an object twice.
        var whole = await Collection(resource, options).ListWholeAsync(cancellationToken);
        foreach (var item in whole.Items)
        {
            yield return Named(resource, (JsonObject)KubernetesJson.Parse(item.Span)!);
        }
    }

    /// <summary>All objects of a kind that the server may not serve: then there are none.</summary>
    public async Task<IReadOnlyList<JsonObject>> ListIfServedAsync(ApiResource resource, ListOptions options, CancellationToken cancellationToken)
    {
        var found = new List<JsonObject>();
        try
        {
            await foreach (var one in ListAsync(resource, options, cancellationToken))
            {
                found.Add(one);
            }
        }
        catch (KubernetesApiException e) when (e.IsNotFound)
        {
            // Not served, or no longer.
        }

        return found;
    }

    /// <summary>Any one of the objects, by a single request; null when there is none.</summary>
    public async Task<JsonObject?> FirstAsync(ApiResource resource, ListOptions options, CancellationToken cancellationToken)
    {
        var page = await Collection(resource, options with { PageSize = 1 }).ListPageAsync(null, cancellationToken);
        return page.Items.Count == 0 ? null : Named(resource, (JsonObject)KubernetesJson.Parse(page.Items[0].Span)!);
    }

    public Task<JsonObject> CreateAsync(ApiResource resource, JsonObject body, WriteOptions options, CancellationToken cancellationToken) =>
        WriteAsync(new ApiRequest(HttpMethod.Post, resource.CollectionPath(ObjectKey.Of(body).Namespace)).With(options).With(body), cancellationToken);

    /// <summary>Server-side apply of exactly the fields in <paramref name="body"/>.</summary>
    public Task<JsonObject> ApplyAsync(ApiResource resource, JsonObject body, WriteOptions options, CancellationToken cancellationToken) =>
        WriteAsync(
            new ApiRequest(HttpMethod.Patch, resource.ObjectPath(ObjectKey.Of(body))).With(options, apply: true).With(body, MediaTypes.Apply),
            cancellationToken);

    /// <summary>Server-side apply of the status subresource.</summary>
    public Task<JsonObject> ApplyStatusAsync(ApiResource resource, JsonObject body, WriteOptions options, CancellationToken cancellationToken) =>
        WriteAsync(
            new ApiRequest(HttpMethod.Patch, resource.ObjectPath(ObjectKey.Of(body)) + "/status").With(options, apply: true).With(body, MediaTypes.Apply),
            cancellationToken);

    /// <summary>
    /// JSON merge patch (RFC 7386) of the object or, when named, a subresource. With a <c>metadata.resourceVersion</c> in it, a write conflict when
    /// somebody has written since.
    /// </summary>
    public Task<JsonObject> MergePatchAsync(
        ApiResource resource, ObjectKey key, JsonObject patch, WriteOptions options, CancellationToken cancellationToken, string? subresource = null) =>
        WriteAsync(
            new ApiRequest(HttpMethod.Patch, Path(resource, key, subresource)).With(options).With(patch, MediaTypes.MergePatch), cancellationToken);

    /// <summary>False when the object was already gone.</summary>
    public async Task<bool> DeleteAsync(ApiResource resource, ObjectKey key, DeleteOptions options, CancellationToken cancellationToken)
    {
        var request = new ApiRequest(HttpMethod.Delete, resource.ObjectPath(key)).With(Body(options));
        return await _transport.SendAsync(request, cancellationToken, absentIsNull: true) is not null;
    }

    /// <summary>The kinds the server has now (discovery), for mapping manifests to URLs. Cached; refreshed when a kind is not found.</summary>
    public Task<ApiResource?> FindResourceAsync(string apiVersion, string kind, CancellationToken cancellationToken) =>
        _discovery.FindAsync(apiVersion, kind, cancellationToken);

    /// <summary>
    /// A kind by whichever version the server serves now, its preferred one first; null when by none. Asks the server and remembers nothing from
    /// before: a version that was known may be served no longer.
    /// </summary>
    public Task<ApiResource?> FindServedAsync(string group, string kind, CancellationToken cancellationToken) =>
        _discovery.FindServedAsync(group, kind, cancellationToken);

    /// <summary>A document of the server itself, such as <c>/version</c>; null when it has none.</summary>
    public Task<JsonObject?> ReadAsync(string path, CancellationToken cancellationToken) =>
        _transport.SendForObjectAsync(new ApiRequest(HttpMethod.Get, path), cancellationToken, absentIsNull: true);

    /// <summary>POST of a review or other kind that is answered, not stored (SubjectAccessReview, TokenReview).</summary>
    public Task<JsonObject> PostAsync(string path, JsonObject body, CancellationToken cancellationToken) =>
        WriteAsync(new ApiRequest(HttpMethod.Post, path).With(body), cancellationToken);

    /// <summary>Items of a list carry neither apiVersion nor kind for built-in kinds; readers of single objects expect both.</summary>
    internal static JsonObject Named(ApiResource resource, JsonObject item)
    {
        if (!item.ContainsKey("kind"))
        {
            item.Insert(0, "kind", resource.Kind);
        }

        if (!item.ContainsKey("apiVersion"))
        {
            item.Insert(0, "apiVersion", resource.ApiVersion);
        }

        return item;
    }

    private static string Path(ApiResource resource, ObjectKey key, string? subresource) =>
        subresource is null ? resource.ObjectPath(key) : $"{resource.ObjectPath(key)}/{subresource}";

    private static JsonObject Body(DeleteOptions options)
    {
        var body = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "DeleteOptions" };
        if (options.Uid is not null || options.ResourceVersion is not null)
        {
            var preconditions = new JsonObject();
            Set(preconditions, "uid", options.Uid);
            Set(preconditions, "resourceVersion", options.ResourceVersion);
            body["preconditions"] = preconditions;
        }

        Set(body, "propagationPolicy", options.PropagationPolicy);
        if (options.DryRun)
        {
            body["dryRun"] = new JsonArray((JsonNode)"All");
        }

        return body;
    }

    private static void Set(JsonObject target, string name, string? value)
    {
        if (value is not null)
        {
            target[name] = value;
        }
    }

    private async Task<JsonObject> WriteAsync(ApiRequest request, CancellationToken cancellationToken) =>
        (await _transport.SendForObjectAsync(request, cancellationToken))!;
}
