namespace Portcullis.Kubernetes.Http;

/// <summary>
/// Checks the server's certificate against another name than the address has (kubeconfig's <c>tls-server-name</c>). SocketsHttpHandler
/// takes that name, and SNI, from the Host header alone; it overrides SslOptions.TargetHost.
/// </summary>
internal sealed class TlsServerNameHandler(string name) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Host = name;
        return base.SendAsync(request, cancellationToken);
    }
}
