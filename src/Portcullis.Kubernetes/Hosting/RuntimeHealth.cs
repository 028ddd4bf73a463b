using Portcullis.Http.Messages;
using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Kubernetes.Hosting;

/// <summary>What the probes ask: each answer is a list of what is wrong, empty when nothing is.</summary>
public sealed class RuntimeHealth
{
    private readonly Lock _gate = new();
    private readonly List<(ReflectorSource Source, Reflector Reflector, Task Loop)> _reflectors = [];
    private readonly List<(IControllerLoop Controller, Task Loop)> _controllers = [];
    private bool _started;

    /// <summary>Loops that ended while they should run, and reconciles that never end.</summary>
    public IReadOnlyList<string> Unhealthy()
    {
        lock (_gate)
        {
            return
            [
                .. _reflectors.Where(r => r.Loop.IsCompleted).Select(r => $"the watch of {r.Source.Resource.QualifiedPlural} has ended"),
                .. _controllers.Where(c => c.Loop.IsCompleted).Select(c => $"the controller {c.Controller.Name} has ended"),
                .. _controllers.Select(c => c.Controller.FindStuck()).OfType<string>().Select(key => $"a worker is stuck on {key}"),
            ];
        }
    }

    /// <summary>Stores that have not been read once.</summary>
    public IReadOnlyList<string> Unready()
    {
        lock (_gate)
        {
            return _started
                ? [.. _reflectors.Where(r => !r.Source.IsSynced()).Select(r => $"{r.Source.Resource.QualifiedPlural}: not synced{(r.Reflector.Trouble is { } trouble ? $": {MessageSanitizer.Clean(trouble)}" : "")}")]
                : ["starting"];
        }
    }

    internal void Started(IEnumerable<(ReflectorSource Source, Reflector Reflector, Task Loop)> reflectors)
    {
        lock (_gate)
        {
            _reflectors.AddRange(reflectors);
            _started = true;
        }
    }

    internal void Controls(IControllerLoop controller, Task loop)
    {
        lock (_gate)
        {
            _controllers.Add((controller, loop));
        }
    }
}
