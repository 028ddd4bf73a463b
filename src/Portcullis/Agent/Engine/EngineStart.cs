using Portcullis.Clients.Engine;
using Portcullis.Core.Hardening;

namespace Portcullis.Agent.Engine;

/// <summary>Starts an engine and waits until it answers.</summary>
internal sealed class EngineStart(AgentOptions options, EngineConnection engine, TimeProvider time)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Null once an engine process other than <paramref name="before"/> answers; else why none does.</summary>
    public async Task<string?> RunAsync(Func<CancellationToken, Task> start, Processes.ProcessIdentity? before, CancellationToken cancellationToken)
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
                    return "the engine exited at its start";
                }

                if (starting.IsFaulted)
                {
                    return starting.Exception!.GetBaseException().Message;
                }

                await Task.Delay(PollInterval, time, limit.Token);
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
