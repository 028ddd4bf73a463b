using Portcullis.Core.Hardening;

namespace Portcullis.Agent.Engine;

/// <summary>Starts and stops the engine: by systemd, by a command, or as a child of this program. Only the agent sends it signals.</summary>
internal interface IEngineProcess
{
    /// <summary>Stops and starts the engine. May return before that is done: the agent waits for an answer of the engine.</summary>
    Task RestartAsync(CancellationToken cancellationToken);

    /// <summary>Starts an engine that failed.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>The state of the process, as far as it is known here.</summary>
    Task<EngineProcessState> StateAsync(CancellationToken cancellationToken);

    /// <summary>The last error in the engine's log; null when there is none.</summary>
    Task<string?> LastErrorAsync(CancellationToken cancellationToken);
}
