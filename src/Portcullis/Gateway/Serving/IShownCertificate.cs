using System.Security.Cryptography.X509Certificates;

namespace Portcullis.Gateway.Serving;

/// <summary>The certificate that the gateway shows now.</summary>
internal interface IShownCertificate
{
    /// <summary>Null for plain HTTP.</summary>
    ShownCertificate? Current { get; }

    /// <summary>The authority that clients need to trust, in PEM; null for plain HTTP.</summary>
    string? Authority => Current?.Authority;
}

/// <summary>A certificate with its key, the certificates between it and its authority, and that authority in PEM.</summary>
internal sealed record ShownCertificate(X509Certificate2 Certificate, X509Certificate2Collection Intermediates, string Authority);
