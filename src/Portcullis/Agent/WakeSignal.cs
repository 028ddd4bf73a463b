using System.Threading.Channels;

namespace Portcullis.Agent;

/// <summary>Wakes the agent: any number of calls before the next round are one.</summary>
internal sealed class WakeSignal(TimeProvider time)
{
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Set() => _wake.Writer.TryWrite(true);

    /// <summary>True when it was set within the time.</summary>
    public async Task<bool> WaitAsync(TimeSpan within, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var woken = _wake.Reader.WaitToReadAsync(timeout.Token).AsTask();
        var isSet = await Task.WhenAny(woken, Task.Delay(within, time, timeout.Token)) == woken;
        cancellationToken.ThrowIfCancellationRequested();
        await timeout.CancelAsync();
        _wake.Reader.TryRead(out _);
        return isSet;
    }
}
