using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Portcullis.Core.Registries;

namespace Portcullis.Registries;

/// <summary>
/// Asks the host of a registry for its certificate, as a client does: whichever copy of the gateway answers, and a proxy before it where that ends TLS. Nothing is
/// sent but the handshake, and no certificate is believed.
/// </summary>
internal sealed class GatewayCertificates(TimeProvider time)
{
    private const int UsualPort = 443;

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(3);

    /// <param name="host">A host name or address, with or without a port.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Null when nobody answers there by TLS: the host is for clients, and the operator may not be able to reach it.</returns>
    public async Task<PresentedCertificate?> AskAsync(string host, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(AnswerWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            return await ReadAsync(host, either.Token);
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    private static async Task<PresentedCertificate?> ReadAsync(string host, CancellationToken cancellationToken)
    {
        var uri = new Uri($"https://{host}/");
        using var client = new TcpClient();
        await client.ConnectAsync(uri.IdnHost, uri.IsDefaultPort ? UsualPort : uri.Port, cancellationToken);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = uri.IdnHost,
#pragma warning disable CA5359 // it is looked at and not believed
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
#pragma warning restore CA5359
            },
            cancellationToken);
        return tls.RemoteCertificate is X509Certificate2 shown
            ? new PresentedCertificate(new DateTimeOffset(shown.NotAfter.ToUniversalTime()), shown.MatchesHostname(uri.IdnHost, allowWildcards: true, allowCommonName: false))
            : null;
    }
}
