using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Portcullis.Http.Connections;
using Portcullis.Http.Credentials;
using Portcullis.Http.Retries;
using Portcullis.Http.Sending;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Connection;
using Prometheus;

namespace Portcullis.Kubernetes.Http;

/// <summary>Turns a connection into a client: the socket, TLS, and one handler for each concern in front of it.</summary>
public static class KubernetesClientFactory
{
    /// <summary>The client lives as long as the program; dispose its <see cref="HttpClient"/> only with it.</summary>
    /// <param name="connection">The server and the credentials.</param>
    /// <param name="time">The clock of retries and limits.</param>
    /// <param name="metrics">Where requests are counted; null for nowhere.</param>
    public static KubernetesClient Create(KubernetesConnection connection, TimeProvider? time = null, IMetricFactory? metrics = null) =>
        new(CreateHttpClient(connection, time ?? TimeProvider.System, Environment.GetEnvironmentVariable, metrics), time);

    /// <summary>An HttpClient whose base address is the server, for requests that are no API verbs (<c>/readyz</c>, <c>/metrics</c>).</summary>
    public static HttpClient CreateHttpClient(KubernetesConnection connection, TimeProvider? time = null) =>
        CreateHttpClient(connection, time ?? TimeProvider.System, Environment.GetEnvironmentVariable);

    internal static HttpClient CreateHttpClient(KubernetesConnection connection, TimeProvider time, Func<string, string?> environment, IMetricFactory? metrics = null)
    {
        var proxy = ProxyOf(connection, environment);
        HttpMessageHandler handler = new CertificateHandler(connection.Credentials, certificate => CreateSocketsHandler(connection, certificate, proxy));
        if (connection.TlsServerName is { Length: > 0 } name)
        {
            handler = new TlsServerNameHandler(name) { InnerHandler = handler };
        }

        if (metrics is not null)
        {
            handler = new ClientMetricsHandler(time, metrics) { InnerHandler = handler };
        }

        handler = new UserAgentHandler("portcullis") { InnerHandler = handler };

        // A kubeconfig may name a server without TLS, and kubectl shows it the token too.
        var server = CredentialBinding.ToEvenOverPlainHttp(connection.Server);
        handler = new AuthenticationHandler(server, connection.Credentials, connection.Impersonate) { InnerHandler = handler };
        handler = new RetryHandler(MayRunTwice, time) { InnerHandler = handler };
        return new HttpClient(handler)
        {
            BaseAddress = connection.Server.AbsoluteUri.EndsWith('/') ? connection.Server : new Uri(connection.Server.AbsoluteUri + "/"),

            // Watches last for ever; every other verb has its own limit in KubernetesClient.
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    private static bool MayRunTwice(HttpRequestMessage request) => RetryHandler.HasIdempotentMethod(request) || MediaTypes.IsIdempotentPatch(request);

    private static WebProxy? ProxyOf(KubernetesConnection connection, Func<string, string?> environment)
    {
        try
        {
            return ProxyChoice.For(connection.Server, connection.Proxy, environment);
        }
        catch (InvalidProxyException e)
        {
            throw new KubeConfigException(e.Message, e);
        }
    }

    private static SocketsHttpHandler CreateSocketsHandler(KubernetesConnection connection, X509Certificate2? certificate, WebProxy? proxy)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            RequestHeaderEncodingSelector = HeaderLines.Select,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(90),

            // So that a moved server is noticed.
            PooledConnectionLifetime = TimeSpan.FromMinutes(15),
            UseProxy = proxy is not null,
            Proxy = proxy,
        };
        handler.SslOptions = Tls(connection, certificate);
        return handler;
    }

    private static SslClientAuthenticationOptions Tls(KubernetesConnection connection, X509Certificate2? certificate)
    {
        var options = new SslClientAuthenticationOptions
        {
            LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate!,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        if (connection.CertificateAuthorities.Count > 0)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(connection.CertificateAuthorities.ToArray());
            options.CertificateChainPolicy = policy;
        }

        if (connection.SkipTlsVerify)
        {
#pragma warning disable CA5359 // the user's kubeconfig sets insecure-skip-tls-verify
            options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        return options;
    }
}
