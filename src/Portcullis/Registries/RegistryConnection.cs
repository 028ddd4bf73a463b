using System.Security.Cryptography.X509Certificates;
using Portcullis.Clients.Notary;
using Portcullis.Clients.Registry;
using Portcullis.Clients.Registry.Authorization;

namespace Portcullis.Registries;

/// <summary>One way to a registry: made from what is declared of it and from its Secrets as they were, and replaced when these change.</summary>
internal sealed class RegistryConnection(RegistryClient client, NotaryClient notary, SocketsHttpHandler handler, IRegistryAuthorization? authorization) : IDisposable
{
    private volatile X509Certificate2? _certificate;

    public RegistryClient Client => client;

    /// <summary>The same server for who knows that it is a Notary server: of <see cref="RegistryConnections.ConnectNotaryAsync"/> alone.</summary>
    public NotaryClient Notary => notary;

    /// <summary>For requests that are forwarded as they are, with <see cref="Authorization"/>.</summary>
    public HttpMessageInvoker Invoker { get; } = new(handler, disposeHandler: false);

    /// <summary>Gives each request the program's own credential; null when the registry asks for none.</summary>
    public IRegistryAuthorization? Authorization => authorization;

    /// <summary>When the certificate that the registry presented last expires; null before the first connection and without TLS.</summary>
    public DateTimeOffset? CertificateExpiresAt => _certificate is { } seen ? new DateTimeOffset(seen.NotAfter.ToUniversalTime()) : null;

    internal void Presented(X509Certificate2 certificate) => _certificate = certificate;

    /// <summary>Requests under way go on: the handler closes its connections when they have ended.</summary>
    public void Dispose()
    {
        Invoker.Dispose();
        handler.Dispose();
    }
}
