namespace Portcullis.Kubernetes.Controllers;

/// <summary>
/// Reports the progress of a long reconcile: at most once a second, and by itself when the reconcile of a new generation takes long
/// and reports nothing. A failing write is dropped; the end of the reconcile is written anyhow.
/// </summary>
internal sealed class ProgressReporter : IAsyncDisposable
{
    private static readonly TimeSpan Thinning = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Func<string, CancellationToken, Task> _write;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _one = new(1);
    private readonly CancellationTokenSource _ended;
    private readonly Task _impatient;
    private long? _last;

    public ProgressReporter(Func<string, CancellationToken, Task> write, bool impatient, TimeProvider time, CancellationToken cancellationToken)
    {
        _write = write;
        _time = time;
        _ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _impatient = impatient ? ReportAfterPatienceAsync(_ended.Token) : Task.CompletedTask;
    }

    public async Task ReportAsync(string message, CancellationToken cancellationToken)
    {
        if (_ended.IsCancellationRequested || (_last is { } last && _time.GetElapsedTime(last) < Thinning))
        {
            return;
        }

        await _one.WaitAsync(cancellationToken);
        try
        {
            _last = _time.GetTimestamp();
            await _write(message, cancellationToken);
        }
        catch (Exception e) when (e is Client.KubernetesApiException or HttpRequestException)
        {
            // Only the report failed.
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>After this nothing is written any more, so that the end of the reconcile is written last.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _impatient;
        await _one.WaitAsync(CancellationToken.None);
        _one.Dispose();
        _ended.Dispose();
    }

    private async Task ReportAfterPatienceAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(Patience, _time, cancellationToken);
            if (_last is null)
            {
                await ReportAsync("Reconciliation is in progress.", cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The reconcile ended first.
        }
    }
}
