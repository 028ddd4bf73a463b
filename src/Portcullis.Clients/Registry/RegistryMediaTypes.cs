namespace Portcullis.Clients.Registry;

/// <summary>The media types of manifests and lists of manifests: OCI image specification 1.1 and Docker image manifest, version 2, schema 2.</summary>
public static class RegistryMediaTypes
{
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    public const string OciIndex = "application/vnd.oci.image.index.v1+json";
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    public const string DockerList = "application/vnd.docker.distribution.manifest.list.v2+json";

    /// <summary>The type of an empty config or layer of an artifact: the two bytes <c>{}</c>.</summary>
    public const string OciEmpty = "application/vnd.oci.empty.v1+json";

    /// <summary>Whether it is one of the four types of documents that a registry keeps as manifests.</summary>
    public static bool IsManifest(string? mediaType) => mediaType is OciManifest or DockerManifest || IsIndex(mediaType);

    /// <summary>Whether it is a list of manifests.</summary>
    public static bool IsIndex(string? mediaType) => mediaType is OciIndex or DockerList;

    /// <summary>Layers that stay where their URLs say, and that a registry need not have.</summary>
    internal static bool IsForeignLayer(string? mediaType) =>
        mediaType is "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
        || (mediaType?.StartsWith("application/vnd.oci.image.layer.nondistributable.", StringComparison.Ordinal) ?? false);
}
