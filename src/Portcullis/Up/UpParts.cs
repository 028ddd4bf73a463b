using Portcullis.Processes;

namespace Portcullis.Up;

/// <summary>The child programs of one run: started together, stopped together.</summary>
internal sealed class UpParts : IAsyncDisposable
{
    private readonly LaunchThread _launcher = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<(SupervisedProcess Process, Task Loop)> _running = [];

    /// <summary>The private engine; null when it was left out.</summary>
    public SupervisedProcess? Engine { get; private set; }

    public static UpParts Start(UpOptions options, StateFolder state, Action<PartReport> report, TimeProvider time)
    {
        var parts = new UpParts();
        if (options.Engine is null && !options.Without.Contains(LocalParts.Engine))
        {
            var socket = LocalParts.EngineSocket(state);
            parts.Engine = parts.Add(LocalParts.EngineSpec(state), c => LocalParts.AnswersAsync(new Uri("http://engine/_ping"), socket, c), report, time);
        }

        if (!options.Without.Contains(LocalParts.Registry))
        {
            var spec = LocalParts.RegistrySpec(state);
            parts.Add(spec, c => LocalParts.AnswersAsync(new Uri($"{spec.Address}/v2/"), null, c), report, time);
        }

        if (!options.Without.Contains(LocalParts.Notary))
        {
            var spec = LocalParts.NotarySpec(state);
            parts.Add(spec, c => LocalParts.AnswersAsync(new Uri($"{spec.Address}/_notary_server/health"), null, c), report, time);
        }

        return parts;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running.Select(r => r.Loop));
        _launcher.Dispose();
        _stop.Dispose();
    }

    private SupervisedProcess Add(ChildSpec spec, Func<CancellationToken, Task<string?>> probe, Action<PartReport> report, TimeProvider time)
    {
        var process = new SupervisedProcess(spec, probe, _launcher, time, report);
        _running.Add((process, Task.Run(() => process.RunAsync(_stop.Token), CancellationToken.None)));
        return process;
    }
}
