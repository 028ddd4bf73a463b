using System.Globalization;
using static Portcullis.Core.Registries.Requests.RegistryRequest;

namespace Portcullis.Core.Registries.Requests;

/// <summary>
/// Reads a request of a client, from the path as it was sent: nothing is decoded, so that no part of a path can mean one thing here and another
/// one to the registry. What has <c>..</c>, <c>//</c>, an escape or an upper-case name is none of the specification's paths, and refused.
/// </summary>
public static class RegistryRequestParser
{
    private const int LongestPath = 2048;

    /// <summary>Always one request; what cannot be understood is <see cref="Invalid"/>.</summary>
    /// <param name="method">The HTTP method, in upper case.</param>
    /// <param name="rawPath">The path as it was sent, without the query.</param>
    /// <param name="rawQuery">The query as it was sent, with or without the question mark.</param>
    public static RegistryRequest Parse(string method, string rawPath, string? rawQuery)
    {
        if (rawPath.Length > LongestPath || !rawPath.StartsWith('/') || rawPath.Contains('%', StringComparison.Ordinal))
        {
            return new Invalid(RegistryError.NameInvalid("the path is too long or has an escaped character: names, tags and digests need none"));
        }

        if (rawPath is "/token" or "/auth/token")
        {
            // The token service reads its own parameters: scope comes once for each repository (Docker registry token specification, "Requesting a Token").
            return Only(method, new Token(), "GET", "POST");
        }

        return RegistryQuery.Parse(rawQuery) is { } query
            ? Parse(method, rawPath, query)
            : new Invalid(RegistryError.Unsupported(400, "the query cannot be read, or gives a parameter twice"));
    }

    private static RegistryRequest Parse(string method, string path, RegistryQuery query) => path switch
    {
        "/v2" or "/v2/" => Only(method, new Ping(), "GET", "HEAD"),
        "/v2/_catalog" => Only(method, Page(query) is { } page ? new Catalog(page) : BadPage, "GET"),
        "/ca" => Only(method, new Ca(), "GET", "HEAD"),
        _ when !path.StartsWith("/v2/", StringComparison.Ordinal) => new Invalid(new RegistryError(RegistryError.NotFound, "UNSUPPORTED", "there is nothing under this path")),
        _ when path.StartsWith("/v2/_trust/", StringComparison.Ordinal) =>
            new Invalid(RegistryError.Denied("the trust data of all repositories together is not served: ask for one repository")),
        _ when path.IndexOf("/_trust/", StringComparison.Ordinal) is var trust and > 0 =>
            TrustRequestParser.Parse(method, path["/v2/".Length..trust], path[(trust + "/_trust/".Length)..], query),
        _ => OfParts(method, path["/v2/".Length..].Split('/'), query),
    };

    /// <summary>By the last parts: a repository's name may have any of the words in it.</summary>
    private static RegistryRequest OfParts(string method, string[] parts, RegistryQuery query) => parts switch
    {
        [.. var name, "tags", "list"] => Named(name, r => Only(method, Page(query) is { } page ? new Tags(r, page) : BadPage, "GET")),
        [.. var name, "manifests", var reference] => Named(name, r => Manifest(method, r, reference)),
        [.. var name, "blobs", "uploads"] when method == "POST" => Named(name, r => Start(r, query)),
        [.. var name, "blobs", "uploads", ""] => Named(name, r => Only(method, Start(r, query), "POST")),
        [.. var name, "blobs", "uploads", var id] => Named(name, r => Upload(method, r, id, query)),
        [.. var name, "blobs", var digest] => Named(name, r => Blob(method, r, digest)),
        [.. var name, "referrers", var digest] => Named(name, r => Only(
            method, ImageDigest.IsLegal(digest) ? new Referrers(r, digest, query["artifactType"] is { Length: > 0 } type ? type : null) : BadDigest(digest), "GET", "HEAD")),
        _ when method == "DELETE" && RepositoryName.IsLegal(string.Join('/', parts).TrimEnd('/')) => new DeleteRepository(string.Join('/', parts).TrimEnd('/')),
        _ => new Invalid(new RegistryError(RegistryError.NotFound, "UNSUPPORTED", "the OCI distribution API has no such path")),
    };

    private static RegistryRequest Named(string[] parts, Func<string, RegistryRequest> request)
    {
        var name = string.Join('/', parts);
        return RepositoryName.IsLegal(name)
            ? request(name)
            : new Invalid(RegistryError.NameInvalid($"\"{Shown(name)}\" is no name of a repository: lower-case letters and digits, with single separators between them"));
    }

    private static RegistryRequest Manifest(string method, string repository, string reference)
    {
        if (!TagName.IsLegal(reference) && !ImageDigest.IsLegal(reference))
        {
            // A read of what cannot be there finds nothing; the conformance suite asks for ".INVALID_MANIFEST_NAME" and wants 404.
            return new Invalid(method is "GET" or "HEAD" && !reference.Contains(':', StringComparison.Ordinal)
                ? RegistryError.ManifestUnknown($"\"{Shown(reference)}\"")
                : reference.Contains(':', StringComparison.Ordinal) ? RegistryError.DigestInvalid($"\"{Shown(reference)}\" is no digest")
                : RegistryError.ManifestInvalid($"\"{Shown(reference)}\" is no tag: at most 128 letters, digits, '_', '.' and '-'"));
        }

        return method switch
        {
            "GET" or "HEAD" => new GetManifest(repository, reference, method == "HEAD"),
            "PUT" => new PutManifest(repository, reference),
            "DELETE" => new DeleteManifest(repository, reference),
            _ => NotAllowed(method),
        };
    }

    private static RegistryRequest Blob(string method, string repository, string digest) => method switch
    {
        _ when !ImageDigest.IsLegal(digest) => BadDigest(digest),
        "GET" or "HEAD" => new GetBlob(repository, digest, method == "HEAD"),
        "DELETE" => new DeleteBlob(repository, digest),
        _ => NotAllowed(method),
    };

    private static RegistryRequest Start(string repository, RegistryQuery query) => (query["mount"], query["from"], query["digest"]) switch
    {
        ({ } mount, _, _) when !ImageDigest.IsLegal(mount) => BadDigest(mount),
        (_, _, { } digest) when !ImageDigest.IsLegal(digest) => BadDigest(digest),
        (_, { } from, _) when !RepositoryName.IsLegal(from) => new Invalid(RegistryError.NameInvalid($"from: \"{Shown(from)}\" is no name of a repository")),
        ({ } mount, { } from, _) => new StartUpload(repository, null, new BlobMount(mount, from)),

        // "Mounting a blob": without a source the registry may search for it; this one does not, and the client uploads.
        (_, _, var digest) => new StartUpload(repository, digest, null),
    };

    private static RegistryRequest Upload(string method, string repository, string id, RegistryQuery query)
    {
        if (UploadLocation.Parse(id, query) is not { } location)
        {
            return new Invalid(new RegistryError(RegistryError.NotFound, "BLOB_UPLOAD_UNKNOWN", "there is no such upload"));
        }

        return method switch
        {
            "GET" or "HEAD" => new GetUpload(repository, location),
            "PATCH" => new PatchUpload(repository, location),
            "PUT" when query["digest"] is { } digest && ImageDigest.IsLegal(digest) => new PutUpload(repository, location, digest),
            "PUT" => BadDigest(query["digest"] ?? ""),
            "DELETE" => new CancelUpload(repository, location),
            _ => NotAllowed(method),
        };
    }

    private static RegistryPage? Page(RegistryQuery query) => query["n"] switch
    {
        null => new RegistryPage(null, query["last"]),
        var n when int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out var count) => new RegistryPage(count, query["last"]),
        _ => null,
    };

    private static RegistryRequest Only(string method, RegistryRequest request, params ReadOnlySpan<string> allowed) =>
        allowed.Contains(method) ? request : NotAllowed(method);

    private static Invalid BadPage => new(new RegistryError(400, "PAGINATION_NUMBER_INVALID", "n must be a number from 0 to 2147483647"));

    private static Invalid BadDigest(string digest) =>
        new(RegistryError.DigestInvalid($"\"{Shown(digest)}\" is no digest: sha256 or sha512, a colon, and lower-case hexadecimal digits"));

    private static Invalid NotAllowed(string method) => new(RegistryError.Unsupported(405, $"{method} is not supported for this path"));

    private static string Shown(string text) => text.Length <= 255 ? text : text[..255] + "…";
}
