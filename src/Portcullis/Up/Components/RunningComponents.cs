using Portcullis.Processes;

namespace Portcullis.Up.Components;

/// <summary>The servers of one run: started together, stopped together.</summary>
internal sealed class RunningComponents : IAsyncDisposable
{
    private readonly LaunchThread _launcher = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, (SupervisedProcess Process, Task Loop)> _running = new(StringComparer.Ordinal);

    private RunningComponents()
    {
    }

    public static RunningComponents Start(IEnumerable<ILocalComponent> components, Action<ComponentReport> report, TimeProvider time)
    {
        var running = new RunningComponents();
        foreach (var component in components)
        {
            running.Add(component, report, time);
        }

        return running;
    }

    /// <summary>The process of a component; null when it was left out.</summary>
    public SupervisedProcess? Find(string name) => _running.TryGetValue(name, out var found) ? found.Process : null;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running.Values.Select(r => r.Loop));
        _launcher.Dispose();
        _stop.Dispose();
    }

    private void Add(ILocalComponent component, Action<ComponentReport> report, TimeProvider time)
    {
        var spec = component.Prepare();
        var process = new SupervisedProcess(spec, token => component.ProbeAsync(spec, token), _launcher, time, report);
        _running[component.Name] = (process, Task.Run(() => process.RunAsync(_stop.Token), CancellationToken.None));
    }
}
