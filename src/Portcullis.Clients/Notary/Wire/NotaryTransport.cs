using System.Net;
using Portcullis.Clients.Registry;
using Portcullis.Clients.Registry.Authorization;
using Portcullis.Clients.Registry.Wire;

namespace Portcullis.Clients.Notary.Wire;

/// <summary>Sends as the registry client does, and turns every failure into a <see cref="NotaryException"/>.</summary>
internal sealed class NotaryTransport(RegistryTransport transport)
{
    /// <summary>Of one call, however steadily its bytes come: metadata are small, and a publication of thousands of delegations takes seconds.</summary>
    private static readonly TimeSpan LongestCall = TimeSpan.FromMinutes(2);

    public RegistryEndpoint Endpoint => transport.Endpoint;

    public Uri UrlOf(string path) => transport.UrlOf(path);

    /// <summary>The whole answer; null when the server says that it has no such metadata.</summary>
    public async Task<byte[]?> GetAsync(string path, RegistryAccess access, int limit, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(() => new HttpRequestMessage(HttpMethod.Get, UrlOf(path)), access, limit, cancellationToken);
        }
        catch (NotaryException e) when (e.Code == NotaryErrors.MetadataNotFound && e.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public Task SendAsync(Func<HttpRequestMessage> request, RegistryAccess access, CancellationToken cancellationToken) =>
        ReadAsync(request, access, RegistryErrors.LargestBody, cancellationToken);

    public async Task<byte[]> ReadAsync(Func<HttpRequestMessage> request, RegistryAccess access, int limit, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(LongestCall, transport.Sender.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using var response = await transport.SendAsync(request, access, either.Token);
            return response.StatusCode == HttpStatusCode.OK
                ? await transport.Sender.ReadAsync(response, limit, either.Token)
                : throw await FailureAsync(response, either.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new NotaryException(NotaryFailure.Unavailable, FormattableString.Invariant($"{Endpoint} has not given a whole answer within {LongestCall.TotalSeconds:0} s"), inner: e);
        }
        catch (RegistryException e)
        {
            throw new NotaryException(NotaryErrors.KindOf(e.Kind), e.Message, e.Status, e.Code, e);
        }
    }

    private async Task<NotaryException> FailureAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var (asked, status) = (RegistryErrors.Asked(response.RequestMessage!), response.StatusCode);
        return NotaryErrors.Of(asked, status, await transport.Sender.RefusalAsync(response, cancellationToken));
    }
}
