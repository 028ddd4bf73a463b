using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Portcullis.Http.Serving;

/// <summary>
/// The certificates of a server. The certificate is read at every handshake, so that a renewed one is shown to the next client
/// without a restart.
/// </summary>
public sealed class ServerTls(Func<X509Certificate2> certificate)
{
    private volatile Prepared? _prepared;

    /// <summary>
    /// Asks clients for a certificate, which they may refuse to give. Any is taken: whose it is, is for the endpoints to find out, to whom an
    /// unknown one is nobody, not a broken connection.
    /// </summary>
    public bool AcceptClientCertificates { get; init; }

    /// <summary>The certificates between one that is shown and its authority, which clients need beside it; null when there are none.</summary>
    public Func<X509Certificate2, X509Certificate2Collection>? IntermediatesOf { get; init; }

    internal SslServerAuthenticationOptions HandshakeOptions() => new()
    {
        ServerCertificateContext = Context(),
        ClientCertificateRequired = AcceptClientCertificates,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
#pragma warning disable CA5359 // see AcceptClientCertificates
        RemoteCertificateValidationCallback = AcceptClientCertificates ? (_, _, _, _) => true : null,
#pragma warning restore CA5359
    };

    /// <summary>Made once for each certificate: sessions are resumed by it, and nothing is downloaded to complete a chain.</summary>
    private SslStreamCertificateContext Context()
    {
        var present = certificate();
        if (_prepared is { } prepared && ReferenceEquals(prepared.Certificate, present))
        {
            return prepared.Context;
        }

        var next = new Prepared(present, SslStreamCertificateContext.Create(present, IntermediatesOf?.Invoke(present), offline: true));
        _prepared = next;
        return next.Context;
    }

    private sealed record Prepared(X509Certificate2 Certificate, SslStreamCertificateContext Context);
}
