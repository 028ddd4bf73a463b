using Portcullis.Clients.Engine;
using Portcullis.Core.Hardening;

namespace Portcullis.Agent;

/// <summary>Sees an engine come up, by its own answer and not by its keeper's word.</summary>
internal sealed class EngineStart(AgentOptions options, EngineHandle engine, TimeProvider time)
{
    private static readonly TimeSpan PollPause = TimeSpan.FromMilliseconds(50);

    /// <summary>Null once another engine process than before answers; else why none does.</summary>
    public async Task<string?> ComesUpAsync(Func<CancellationToken, Task> start, Processes.ProcessIdentity? before, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.StartBound);
        try
        {
            var starting = start(limit.Token);
            while (true)
            {
                var running = RunningEngine.Find(options.PidFile, time);
                if (running is not null && running.Identity != before && await AnswersAsync(limit.Token))
                {
                    return null;
                }

                if (await engine.Process.StateAsync(limit.Token) == EngineProcessState.Failed && (running is null || running.Identity != before))
                {
                    return "the engine ended at its start";
                }

                if (starting.IsFaulted)
                {
                    return starting.Exception!.GetBaseException().Message;
                }

                await Task.Delay(PollPause, time, limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"the engine did not answer within {options.StartBound.TotalSeconds:0} s";
        }
    }

    public async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await engine.Api.PingAsync(cancellationToken);
            return true;
        }
        catch (EngineException)
        {
            return false;
        }
    }
}
