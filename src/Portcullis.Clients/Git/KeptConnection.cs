namespace Portcullis.Clients.Git;

/// <summary>One ssh connection of <see cref="SshConnections"/>, on its way, there, or failed a moment ago.</summary>
internal sealed class KeptConnection(string key, Task<SshMaster?> connecting, ITimer end) : IDisposable
{
    /// <summary>Unused for so long, it ends.</summary>
    public static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(15);

    /// <summary>A server that lets no connection be kept is not asked again before this.</summary>
    private static readonly TimeSpan FailedLimit = TimeSpan.FromMinutes(1);

    public string Key => key;

    /// <summary>Gone: the server or the network ended it.</summary>
    public bool IsLost => connecting is { IsCompletedSuccessfully: true, Result: { IsAlive: false } };

    /// <summary>The socket of the connection; null when it could not be made.</summary>
    public async Task<string?> PathAsync(CancellationToken cancellationToken)
    {
        var before = connecting.IsCompleted;
        var master = await connecting.WaitAsync(cancellationToken);
        if (master is null && !before)
        {
            end.Change(FailedLimit, Timeout.InfiniteTimeSpan);
        }
        else if (master is not null)
        {
            end.Change(IdleLimit, Timeout.InfiniteTimeSpan);
        }

        return master is { IsAlive: true } ? master.ControlPath : null;
    }

    public void Dispose()
    {
        end.Dispose();
        if (connecting.IsCompletedSuccessfully)
        {
            connecting.Result?.Dispose();
        }
        else
        {
            _ = connecting.ContinueWith(m => m.Result?.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        }
    }
}
