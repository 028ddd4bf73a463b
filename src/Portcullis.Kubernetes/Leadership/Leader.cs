using Microsoft.Extensions.Logging;
using Portcullis.Kubernetes.Client;

namespace Portcullis.Kubernetes.Leadership;

/// <summary>This process' leadership: at once without an election, else when its elector wins.</summary>
public sealed class Leader : IDisposable
{
    private readonly LeaseElector? _elector;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _acquired = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _lost = new();
    private Task _running = Task.CompletedTask;

    public Leader(KubernetesClient client, KubernetesOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        _elector = options.LeaderElection is { } election
            ? new LeaseElector(client, election, options.Product, time, loggers.CreateLogger<LeaseElector>())
            : null;
    }

    public bool IsLeading => (_elector is null || _acquired.Task.IsCompletedSuccessfully) && !_lost.IsCancellationRequested;

    /// <summary>Cancelled when leadership is lost; whoever acts must stop at once.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Waits until this process leads.</summary>
    internal async Task AcquireAsync(CancellationToken cancellationToken)
    {
        if (_elector is null)
        {
            return;
        }

        _running = RunAsync(_elector);
        await _acquired.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Gives the Lease back, so that another copy need not wait for it to run out.</summary>
    internal async Task ReleaseAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public void Dispose()
    {
        _stop.Dispose();
        _lost.Dispose();
    }

    private async Task RunAsync(LeaseElector elector)
    {
        await elector.RunAsync(() => _acquired.TrySetResult(), _stop.Token);
        if (!_stop.IsCancellationRequested)
        {
            await _lost.CancelAsync();
        }
    }
}
