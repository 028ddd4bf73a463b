using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Text;
using Portcullis.Core.Repositories;
using Portcullis.Core.Webhooks;
using Portcullis.Http.Connections;
using Portcullis.Http.Egress;
using Portcullis.Http.Sending;
using Portcullis.Secrets;

namespace Portcullis.Webhooks;

/// <summary>Sends one delivery to its receiver: only to addresses that the Registry allows, without following redirects, with credentials of the Repository's own source.</summary>
internal sealed class WebhookSender(WebhookTargets targets, TimeProvider time)
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);

    /// <summary>Null when the receiver took it; else why not, without any credentials.</summary>
    /// <param name="repository">Whose webhook it is; its source must own the Secrets.</param>
    /// <param name="webhook">Where to, and in which form.</param>
    /// <param name="delivery">What to send.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task<string?> SendAsync(
        Repository repository, RepositoryWebhook webhook, WebhookDelivery delivery, CancellationToken cancellationToken)
    {
        try
        {
            var receiver = await targets.FindAsync(repository, webhook, cancellationToken);
            using var handler = targets.GuardOf(repository).CreateHandler();
            Trust(handler, receiver.Authorities);
            using var client = new HttpClient(new UserAgentHandler("portcullis") { InnerHandler = handler }, disposeHandler: false) { Timeout = AnswerWithin };
            using var request = Request(receiver, webhook, delivery);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.IsSuccessStatusCode ? null : $"{receiver.Url.Host} answered {(int)response.StatusCode} {response.ReasonPhrase}";
        }
        catch (BoundSecretException e)
        {
            return e.Message;
        }
        catch (CryptographicException e)
        {
            return $"the Secret {webhook.CaSecretRef?.Name}: {e.Message}";
        }
        catch (HttpRequestException e)
        {
            // The URL may hold a token: the host alone is named.
            return e.InnerException is EgressRefusedException refused ? Refused(refused.Message) : $"the receiver cannot be reached: {e.HttpRequestError}";
        }
        catch (EgressRefusedException e)
        {
            return Refused(e.Message);
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"the receiver did not answer within {AnswerWithin.TotalSeconds:0} s";
        }
    }

    /// <summary>An address that the Registry does not allow, and what to do about it.</summary>
    public static string Refused(string message) => $"{message}: list it in the Registry's spec.egress";

    private HttpRequestMessage Request(WebhookTarget receiver, RepositoryWebhook webhook, WebhookDelivery delivery)
    {
        if (webhook.Format == WebhookFormat.GitLabTrigger)
        {
            return new HttpRequestMessage(HttpMethod.Post, receiver.Url)
            {
                Content = new FormUrlEncodedContent(GitLabTrigger.Form(delivery.Spec.Body, receiver.Secret!, webhook.Ref ?? "main")),
            };
        }

        var request = new HttpRequestMessage(HttpMethod.Post, receiver.Url)
        {
            Content = new StringContent(delivery.Spec.Body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        var (id, now) = (delivery.Key.Name, time.GetUtcNow());
        request.Headers.Add(WebhookSignature.IdHeader, id);
        request.Headers.Add(WebhookSignature.TimeHeader, now.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (receiver.Secret is { } secret)
        {
            request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Of(secret, id, now, delivery.Spec.Body));
        }

        return request;
    }

    private static void Trust(SocketsHttpHandler handler, string? authorities)
    {
        if (authorities is not null)
        {
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = OwnAuthorities.Policy(authorities) };
        }
    }
}
