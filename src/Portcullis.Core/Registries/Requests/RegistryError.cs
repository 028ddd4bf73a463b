namespace Portcullis.Core.Registries.Requests;

/// <summary>A refusal as the OCI distribution specification writes it ("Error Codes"): what a client gets instead of what it asked for.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">Such as <c>NAME_INVALID</c>; programs branch on it.</param>
/// <param name="Message">For people.</param>
public sealed record RegistryError(int Status, string Code, string Message)
{
    public const int NotFound = 404;

    public static RegistryError BlobUnknown(string digest) => new(NotFound, "BLOB_UNKNOWN", $"the blob {digest} is not in this repository");

    public static RegistryError Denied(string message) => new(403, "DENIED", message);

    /// <summary>Of a push: no push makes a repository.</summary>
    public static RegistryError Undeclared(string repository) => Denied($"no Repository declares {repository}: add one to Git before pushing to it");

    public static RegistryError DigestInvalid(string message) => new(400, "DIGEST_INVALID", message);

    public static RegistryError ManifestInvalid(string message) => new(400, "MANIFEST_INVALID", message);

    public static RegistryError ManifestUnknown(string reference) => new(NotFound, "MANIFEST_UNKNOWN", $"the manifest {reference} is not in this repository");

    public static RegistryError NameInvalid(string message) => new(400, "NAME_INVALID", message);

    public static RegistryError NameUnknown(string repository) => new(NotFound, "NAME_UNKNOWN", $"there is no repository {repository}");

    public static RegistryError TooLarge(string message) => new(413, "SIZE_INVALID", message);

    public static RegistryError Unauthorized(string message) => new(401, "UNAUTHORIZED", message);

    public static RegistryError Unsupported(int status, string message) => new(status, "UNSUPPORTED", message);

    /// <summary>Something behind the gateway does not answer, or not as it should; the same request may succeed later.</summary>
    public static RegistryError Unavailable(int status, string message) => new(status, "UNAVAILABLE", message);
}
