namespace Portcullis.Core.Registries.Requests;

/// <summary>
/// What a client of the gateway asks for, by the OCI distribution specification 1.1 and the Docker registry token specification. Everything in
/// it was checked, and <see cref="Target"/> is written from it alone: the registry never sees the client's own path.
/// </summary>
public abstract record RegistryRequest
{
    private RegistryRequest()
    {
    }

    /// <summary>Path and query for the server behind the gateway; null for what the gateway answers by itself.</summary>
    public virtual string? Target => null;

    /// <summary>Whether it is served at all (<c>/v2/</c>).</summary>
    public sealed record Ping : RegistryRequest;

    /// <summary>The list of repositories.</summary>
    public sealed record Catalog(RegistryPage Page) : RegistryRequest;

    /// <summary>Asks the token service.</summary>
    public sealed record Token : RegistryRequest;

    /// <summary>Asks for the certificate authority of the gateway's certificate.</summary>
    public sealed record Ca : RegistryRequest;

    /// <summary>It is refused for what it is, whoever asks.</summary>
    public sealed record Invalid(RegistryError Error) : RegistryRequest;

    /// <summary>What concerns one repository.</summary>
    public abstract record OfRepository(string Repository) : RegistryRequest;

    public sealed record Tags(string Repository, RegistryPage Page) : OfRepository(Repository)
    {
        public override string Target => $"/v2/{Repository}/tags/list";
    }

    /// <summary>The whole repository, as DTR's own API deletes one; never forwarded.</summary>
    public sealed record DeleteRepository(string Repository) : OfRepository(Repository);

    /// <summary>What concerns one manifest, by its tag or digest.</summary>
    public abstract record OfManifest(string Repository, string Reference) : OfRepository(Repository)
    {
        public bool IsByDigest => ImageDigest.IsLegal(Reference);

        public override string Target => $"/v2/{Repository}/manifests/{Reference}";
    }

    public sealed record GetManifest(string Repository, string Reference, bool HeadOnly) : OfManifest(Repository, Reference);

    public sealed record PutManifest(string Repository, string Reference) : OfManifest(Repository, Reference);

    public sealed record DeleteManifest(string Repository, string Reference) : OfManifest(Repository, Reference);

    /// <summary>What concerns one blob.</summary>
    public abstract record OfBlob(string Repository, string Digest) : OfRepository(Repository)
    {
        public override string Target => $"/v2/{Repository}/blobs/{Digest}";
    }

    public sealed record GetBlob(string Repository, string Digest, bool HeadOnly) : OfBlob(Repository, Digest);

    public sealed record DeleteBlob(string Repository, string Digest) : OfBlob(Repository, Digest);

    /// <summary>Begins an upload; with a digest and a body it is the whole upload, with a mount it asks for a blob of another repository.</summary>
    public sealed record StartUpload(string Repository, string? Digest, BlobMount? Mount) : OfRepository(Repository)
    {
        public override string Target => $"/v2/{Repository}/blobs/uploads/" + (this switch
        {
            { Mount: { } mount } => $"?mount={Uri.EscapeDataString(mount.Digest)}&from={Uri.EscapeDataString(mount.From)}",
            { Digest: { } digest } => $"?digest={Uri.EscapeDataString(digest)}",
            _ => "",
        });
    }

    /// <summary>What concerns one upload that has begun.</summary>
    public abstract record OfUpload(string Repository, UploadLocation Upload) : OfRepository(Repository)
    {
        public override string Target => $"/v2/{Repository}/blobs/uploads/{Upload.Id}{Upload.State}";
    }

    public sealed record GetUpload(string Repository, UploadLocation Upload) : OfUpload(Repository, Upload);

    public sealed record PatchUpload(string Repository, UploadLocation Upload) : OfUpload(Repository, Upload);

    public sealed record PutUpload(string Repository, UploadLocation Upload, string Digest) : OfUpload(Repository, Upload)
    {
        public override string Target => $"{base.Target}{(Upload.State.Length == 0 ? '?' : '&')}digest={Uri.EscapeDataString(Digest)}";
    }

    public sealed record CancelUpload(string Repository, UploadLocation Upload) : OfUpload(Repository, Upload);

    /// <summary>The manifests that refer to one ("Listing Referrers").</summary>
    public sealed record Referrers(string Repository, string Digest, string? ArtifactType) : OfRepository(Repository)
    {
        public override string Target => $"/v2/{Repository}/referrers/{Digest}";
    }

    /// <summary>
    /// Trust data of a repository, in the paths of the Notary server. <paramref name="Host"/> is what the client takes for the registry's name;
    /// the gateway compares it with its own.
    /// </summary>
    public sealed record TrustData(string Host, string Repository, string Path, TrustDataAction Action, string State) : OfRepository(Repository)
    {
        public override string Target => $"/v2/{Host}/{Repository}/_trust/{Path}{State}";
    }
}

/// <summary>A blob of another repository of the same registry, to be had without sending it ("Mounting a blob from another repository").</summary>
public sealed record BlobMount(string Digest, string From);

/// <summary>What is done with trust data.</summary>
public enum TrustDataAction
{
    Read,
    Publish,

    /// <summary>Asks the server for a new key of its own: for owners, as signing is.</summary>
    RotateKey,
    Delete,
}
