namespace Portcullis.Clients.Registry.Wire;

/// <summary>
/// Ends an attempt whose server takes nothing and answers nothing. It stands inside of the retries, whose pauses are no lack of progress.
/// Bodies of answers are watched where they are read.
/// </summary>
internal sealed class StallHandler(HttpMessageHandler inner, TimeSpan patience, TimeProvider time) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var timer = new StallTimer(patience, time, cancellationToken);
        if (request.Content is PiecewiseContent content)
        {
            content.Progressed = timer.Progressed;
        }

        try
        {
            return await base.SendAsync(request, timer.Token);
        }
        catch (OperationCanceledException e) when (timer.Stalled)
        {
            throw timer.Failure(e);
        }
    }
}
