using Portcullis.Core.Hardening;

namespace Portcullis.Agent.Engine;

/// <summary>The engine as it last answered; kept, so that a manual edit is reverted without asking the engine first.</summary>
internal sealed record EngineSnapshot
{
    /// <summary>Null when the engine does not answer.</summary>
    public EngineObservation? Observation { get; init; }

    public EngineSettings? Settings { get; init; }

    /// <summary>Why it does not answer.</summary>
    public string? Problem { get; init; }

    public EngineProcessState ProcessState { get; init; }

    public DateTimeOffset? DownSince { get; init; }

    public RunningEngine? Process { get; init; }
}
