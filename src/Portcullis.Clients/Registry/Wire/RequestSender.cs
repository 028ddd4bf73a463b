using System.Net.Http.Headers;
using System.Net.Sockets;
using Portcullis.Http.Egress;

namespace Portcullis.Clients.Registry.Wire;

/// <summary>
/// Sends one request, with the credential it is given and no other, and reads what comes back within bounds. Everything that goes wrong is a
/// <see cref="RegistryException"/>, but for the caller's own cancellation.
/// </summary>
internal sealed class RequestSender(HttpMessageInvoker invoker, TimeSpan patience, TimeProvider time)
{
    public TimeProvider Time => time;

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage message, AuthenticationHeaderValue? credential, CancellationToken cancellationToken)
    {
        message.Headers.Authorization = credential;
        try
        {
            var response = await invoker.SendAsync(message, cancellationToken);
            response.RequestMessage ??= message;
            return response;
        }
        catch (Exception e) when (Refusal(e) is { } refusal)
        {
            throw new RegistryException(RegistryFailure.Refused, $"{RegistryErrors.Asked(message)}: {refusal.Message}", inner: e);
        }
        catch (Exception e) when (IsFailureToReach(e))
        {
            throw RegistryErrors.Unreachable(RegistryErrors.Asked(message), e);
        }
    }

    public async Task<WatchedBody> BodyAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        new(response, await response.Content.ReadAsStreamAsync(cancellationToken), patience, time);

    /// <summary>The whole body; the answer is disposed of.</summary>
    /// <exception cref="RegistryException">It is larger than the limit: <see cref="RegistryFailure.Refused"/>.</exception>
    public async Task<byte[]> ReadAsync(HttpResponseMessage response, int limit, CancellationToken cancellationToken)
    {
        var asked = RegistryErrors.Asked(response.RequestMessage!);
        try
        {
            using var body = await BodyAsync(response, cancellationToken);
            return await body.ReadWholeAsync(limit, cancellationToken)
                ?? throw new RegistryException(RegistryFailure.Refused, $"{asked}: the answer is larger than {limit / 1024} KiB", response.StatusCode);
        }
        catch (Exception e) when (IsFailureToReach(e))
        {
            throw RegistryErrors.Unreachable(asked, e);
        }
    }

    /// <summary>What a refusal says; the answer is disposed of.</summary>
    public async Task<RegistryException> FailureAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        RegistryErrors.Of(RegistryErrors.Asked(response.RequestMessage!), response.StatusCode, await RefusalAsync(response, cancellationToken));

    /// <summary>The body of a refusal; empty when it is too large or does not come. The answer is disposed of.</summary>
    public async Task<byte[]> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            using var body = await BodyAsync(response, cancellationToken);
            return await body.ReadWholeAsync(RegistryErrors.LargestBody, cancellationToken) ?? [];
        }
        catch (Exception e) when (IsFailureToReach(e))
        {
            // The status says enough.
            return [];
        }
    }

    public static bool IsFailureToReach(Exception e) => e is HttpRequestException or IOException or SocketException or TimeoutException;

    private static EgressRefusedException? Refusal(Exception e) => e as EgressRefusedException ?? e.InnerException as EgressRefusedException;
}
