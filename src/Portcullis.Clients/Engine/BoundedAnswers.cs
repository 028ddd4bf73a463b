namespace Portcullis.Clients.Engine;

/// <summary>Reads no answer that is larger than any engine's should be, whoever asked. The stream of events has no end and is not read here.</summary>
internal sealed class BoundedAnswers(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const int LargestAnswer = 32 * 1024 * 1024;
    private const string Events = "/events";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode && request.RequestUri?.AbsolutePath == Events)
        {
            return response;
        }

        try
        {
            await response.Content.LoadIntoBufferAsync(LargestAnswer, cancellationToken);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
