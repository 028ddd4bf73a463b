using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Portcullis.Objects.Json;

namespace Portcullis.ApiServer.Admission.Webhooks;

/// <summary>Asks a webhook over HTTPS, trusting the CA that its configuration names, within its time.</summary>
internal sealed class WebhookClient(TimeProvider time) : IDisposable
{
    private const int MaximumAnswer = 4 * 1024 * 1024;
    private readonly ConcurrentDictionary<string, HttpClient> _byTrust = new(StringComparer.Ordinal);

    /// <exception cref="WebhookCallException">There was no answer, or none that can be understood.</exception>
    public async Task<WebhookVerdict> AskAsync(SelectedWebhook selected, AdmissionAttributes request, CancellationToken cancellationToken)
    {
        var webhook = selected.Webhook;
        var uid = Guid.NewGuid().ToString();
        var url = UrlOf(webhook);
        using var timeout = new CancellationTokenSource(webhook.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, url)
            {
                Content = new ByteArrayContent(KubernetesJson.ToBytes(AdmissionReviewMessage.Write(request, selected.Version, uid))),
            };
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            using var response = await ClientFor(webhook).SendAsync(message, HttpCompletionOption.ResponseContentRead, either.Token);
            var body = await response.Content.ReadAsByteArrayAsync(either.Token);
            return response.StatusCode == HttpStatusCode.OK
                ? AdmissionReviewMessage.Read(body, uid)
                : throw new WebhookCallException($"failed to call webhook: {Refusal(response.StatusCode, body)}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new WebhookCallException($"failed to call webhook: Post \"{url}\": context deadline exceeded");
        }
        catch (HttpRequestException error)
        {
            throw new WebhookCallException($"failed to call webhook: Post \"{url}\": {Describe(error, url)}");
        }
    }

    public void Dispose()
    {
        foreach (var client in _byTrust.Values)
        {
            client.Dispose();
        }
    }

    private static Uri UrlOf(Webhook webhook)
    {
        if (webhook.Url is not { } url)
        {
            throw new WebhookCallException(
                $"failed to call webhook: service \"{webhook.Service}\" cannot be reached: this API server has no service network; " +
                "give the webhook a clientConfig.url");
        }

        var seconds = ((int)webhook.Timeout.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return new UriBuilder(url) { Query = $"timeout={seconds}s" }.Uri;
    }

    private HttpClient ClientFor(Webhook webhook) => _byTrust.GetOrAdd(
        Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(webhook.CaBundle))), _ => Connect(webhook.CaBundle));

    private static HttpClient Connect(string caBundle)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        if (caBundle.Length > 0)
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
            };
            try
            {
                policy.CustomTrustStore.ImportFromPem(caBundle);
            }
            catch (CryptographicException)
            {
                // Trusts nobody: each call fails with the certificate error that its user can act upon.
            }

            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }

        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MaximumAnswer };
    }

    /// <summary>As client-go words a status it did not expect.</summary>
    private static string Refusal(HttpStatusCode status, ReadOnlySpan<byte> body)
    {
        var text = Encoding.UTF8.GetString(body.Length > 2048 ? body[..2048] : body).TrimEnd();
        return (int)status switch
        {
            400 => "the server rejected our request for an unknown reason",
            401 => "the server has asked for the client to provide credentials",
            403 => "forbidden",
            404 => "the server could not find the requested resource",
            405 => "the server does not allow this method on the requested resource",
            406 or 415 => text.Length > 0 ? text : "the server was unable to respond with a content type that the client supports",
            429 => "the server has received too many requests and has asked us to try again later",
            503 => "the server is currently unable to handle the request",
            504 => "the server was unable to return a response in the time allotted, but may still be processing the request",
            >= 500 => $"an error on the server (\"{text}\") has prevented the request from succeeding",
            var code => $"the server responded with the status code {code} but did not return more information",
        };
    }

    private static string Describe(HttpRequestException error, Uri url)
    {
        for (Exception? inner = error; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case AuthenticationException:
                    return $"tls: failed to verify certificate: {inner.Message}";
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return $"dial tcp {url.Host}:{url.Port}: connect: connection refused";
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData }:
                    return $"dial tcp: lookup {url.Host}: no such host";
                case SocketException { SocketErrorCode: SocketError.ConnectionReset }:
                    return "read: connection reset by peer";
            }
        }

        return error.HttpRequestError == HttpRequestError.ResponseEnded ? "EOF" : error.Message;
    }
}
