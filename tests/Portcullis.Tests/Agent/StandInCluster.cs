using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Portcullis.Agent;
using Portcullis.Core.Hardening;
using Portcullis.Objects;

namespace Portcullis.Tests.Agent;

/// <summary>A cluster of one node in memory: what is asked, what was reported, and a rollout that permits whatever is asked for.</summary>
internal sealed class StandInCluster : INodeCluster
{
    private readonly ConcurrentDictionary<string, NodeHardening> _hardenings = new();
    private Action _changed = () => { };
    private string? _permitted;
    private long _generation;

    public bool IsSynced { get; set; } = true;

    public bool IsKnown => IsSynced;

    public bool IsPaused(NodeHardening hardening) => false;

    /// <summary>Whether restarts are permitted as soon as they are asked for.</summary>
    public bool Permits { get; set; } = true;

    public NodeReportStatus? Report { get; private set; }

    public ConcurrentQueue<string> Events { get; } = [];

    /// <summary>Times a report said something else than the one before.</summary>
    public int Reports { get; private set; }

    public void Ask(string name, JsonObject daemonJson, RestartPolicy policy = RestartPolicy.Always, HardeningMode mode = HardeningMode.Enforce, bool suspend = false)
    {
        _hardenings[name] = new NodeHardening
        {
            Metadata = new ObjectMeta { Name = name, Generation = Interlocked.Increment(ref _generation) },
            Spec = new NodeHardeningSpec { DaemonJson = daemonJson, RestartPolicy = policy, Mode = mode, Suspend = suspend },
        };
        _changed();
    }

    public void Withdraw(string name)
    {
        _hardenings.TryRemove(name, out _);
        _changed();
    }

    /// <summary>The state of one NodeHardening at the generation asked for last; null when there is no report of it yet.</summary>
    public HardeningReport? Of(string name) =>
        Report?.Hardenings?.FirstOrDefault(h => h.Name == name && h.Generation == _hardenings[name].Metadata.Generation);

    public Task SyncAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public IDisposable Subscribe(Action changed)
    {
        _changed = changed;
        return new Unsubscribe();
    }

    public IReadOnlyList<NodeHardening> Hardenings() => [.. _hardenings.Values];

    public IReadOnlyList<NodeHardening> Selecting() => NodeSelection.Of(_hardenings.Values, NodeLabels());

    public IReadOnlyDictionary<string, string> NodeLabels() => new Dictionary<string, string>();

    public string? PermittedRestart() => _permitted;

    public IReadOnlyDictionary<string, string> Requested() => new Dictionary<string, string>();

    public void Record(string hardening, ReportedEvent reported) => Events.Enqueue($"{hardening} {reported.Reason} {reported.Message}");

    public Task<bool> ReportAsync(NodeReportStatus status, CancellationToken cancellationToken)
    {
        Report = status;
        Reports++;
        if (Permits && status.PendingRestart is { AsksPermission: true } pending && _permitted != pending.Id)
        {
            _permitted = pending.Id;
            _changed();
        }

        return Task.FromResult(true);
    }

    private sealed class Unsubscribe : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
