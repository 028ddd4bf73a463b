namespace Portcullis.Core.Hardening;

/// <summary>The engine while it answers.</summary>
public sealed record EngineObservation
{
    public required EngineVersion Version { get; init; }

    public int ContainersRunning { get; init; }

    public bool SwarmActive { get; init; }

    public IReadOnlyList<string> AuthorizationPlugins { get; init; } = [];
}
