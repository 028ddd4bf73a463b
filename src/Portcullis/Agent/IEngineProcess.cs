using Portcullis.Core.Hardening;

namespace Portcullis.Agent;

/// <summary>Who starts and stops the engine: systemd, a command, or this program itself. Signals are sent by the agent alone.</summary>
internal interface IEngineProcess
{
    /// <summary>Stops the engine and starts it anew. Returns when the order is given or carried out; the agent itself waits for an answer.</summary>
    Task RestartAsync(CancellationToken cancellationToken);

    /// <summary>Starts an engine that failed.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>What became of the process, as far as its keeper knows.</summary>
    Task<EngineProcessState> StateAsync(CancellationToken cancellationToken);

    /// <summary>The engine's own last error line; null when it left none.</summary>
    Task<string?> LastErrorAsync(CancellationToken cancellationToken);
}
