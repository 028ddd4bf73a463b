using System.Security.Cryptography.X509Certificates;
using Portcullis.Kubernetes.Connection;

namespace Portcullis.Kubernetes.Http;

/// <summary>
/// Connections of one client certificate at a time. A certificate is shown once, when a connection opens: with a renewed one, new
/// connections are needed, as client-go closes its own then.
/// </summary>
internal sealed class CertificateHandler(ICredentialSource credentials, Func<X509Certificate2?, SocketsHttpHandler> open) : HttpMessageHandler
{
    private readonly Lock _gate = new();
    private X509Certificate2? _certificate;
    private HttpMessageInvoker? _current;

    /// <summary>Kept for one more certificate: a request may be about to use it. Its open requests still complete after it is disposed.</summary>
    private HttpMessageInvoker? _former;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Current().SendAsync(request, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _former?.Dispose();
            _current?.Dispose();
        }

        base.Dispose(disposing);
    }

    private HttpMessageInvoker Current()
    {
        var certificate = credentials.Certificate;
        lock (_gate)
        {
            if (_current is null || !ReferenceEquals(certificate, _certificate))
            {
                _former?.Dispose();
                _former = _current;
                _current = new HttpMessageInvoker(open(certificate), disposeHandler: true);
                _certificate = certificate;
            }

            return _current;
        }
    }
}
