using Portcullis.Http.Serving;

namespace Portcullis.Gateway;

/// <summary>How a gateway listens, and what it lets clients do.</summary>
internal sealed record GatewayOptions
{
    public required ListenAddress Listen { get; init; }

    /// <summary>The files of the certificate that it shows. Without these and a Secret it speaks plain HTTP: on a machine of its own, or behind a proxy that ends TLS.</summary>
    public CertificateFiles? Certificate { get; init; }

    /// <summary>The Secret of the certificate that it shows, in the system namespace; null for none.</summary>
    public string? CertificateSecret { get; init; }

    /// <summary>How clients reach it: the scheme in the realm of its challenges.</summary>
    public string PublicScheme { get; init; } = "https";

    /// <summary>
    /// Whether clients may delete blobs. A blob may be part of images that the caller does not know of, so that docker-registry's garbage collection is the
    /// better way.
    /// </summary>
    public bool AllowBlobDeletion { get; init; }

    /// <summary>How long a client or the registry may bring nothing and take nothing before a request is given up.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(100);
}

/// <summary>Files with a certificate in PEM, read again when they change.</summary>
/// <param name="Certificate">The certificate, and the authorities between it and the root.</param>
/// <param name="Key">Its private key.</param>
/// <param name="Authority">The authority that clients need to trust; null when it is the last certificate of the chain.</param>
internal sealed record CertificateFiles(string Certificate, string Key, string? Authority);
