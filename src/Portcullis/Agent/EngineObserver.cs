using Portcullis.Clients.Engine;
using Portcullis.Core.Hardening;
using Portcullis.Processes;

namespace Portcullis.Agent;

/// <summary>The engine as last asked; kept so that a hand edit is taken back without a question to the engine first.</summary>
internal sealed record EngineSight
{
    public EngineFacts? Facts { get; init; }

    public EngineAnswers? Answers { get; init; }

    public string? Problem { get; init; }

    public EngineProcessState ProcessState { get; init; }

    public DateTimeOffset? DownSince { get; init; }

    public RunningEngine? Process { get; init; }
}

/// <summary>Gathers what the planner looks at: the file, the engine's answers, its command line, and what it has in memory.</summary>
internal sealed class EngineObserver(
    AgentOptions options, EngineClient engine, IEngineProcess keeper, AgentStateFolder folder, ReloadEvents events, TimeProvider time)
{
    // A file and a process start are compared by two clocks.
    private static readonly TimeSpan ClockSlack = TimeSpan.FromMilliseconds(50);

    public EngineSight Sight { get; private set; } = new();

    /// <summary>Asks the engine anew.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var process = RunningEngine.Find(options.PidFile, time);
        try
        {
            if (process is null)
            {
                // Without a process there is nobody to signal and no command line to compare with.
                await engine.PingAsync(cancellationToken);
                throw new EngineException($"the engine answers, but {options.PidFile} names no running dockerd: say where its pid file is", System.Net.HttpStatusCode.OK);
            }

            var info = await engine.GetInfoAsync(cancellationToken);
            if (!EngineVersion.TryParse(info.ServerVersion, out var version))
            {
                throw new EngineException($"the engine's version is {info.ServerVersion}, which is none", System.Net.HttpStatusCode.BadGateway);
            }

            var bridge = await engine.GetNetworkAsync("bridge", cancellationToken);
            Sight = new EngineSight
            {
                Facts = new EngineFacts
                {
                    Version = version,
                    ContainersRunning = info.ContainersRunning,
                    SwarmActive = info.Swarm?.LocalNodeState is not (null or "" or "inactive"),
                    AuthorizationPlugins = info.Plugins?.Authorization ?? [],
                },
                Answers = new EngineAnswers(version, info.Raw)
                {
                    BridgeOptions = bridge?.Options is { } map ? new(map.Select(o => KeyValuePair.Create(o.Key, (System.Text.Json.Nodes.JsonNode?)o.Value))) : null,
                    ReloadEvent = events.Last?.Attributes,
                },
                ProcessState = EngineProcessState.Running,
                Process = process,
            };
            Remember(process, Sight.Answers);
            Account(Sight.Answers);
        }
        catch (EngineException e)
        {
            var error = await keeper.LastErrorAsync(cancellationToken);
            Sight = new EngineSight
            {
                Problem = error is null || !e.IsUnreachable ? e.Message : $"{e.Message}; its last words: {error}",
                ProcessState = await keeper.StateAsync(cancellationToken),
                DownSince = Sight.DownSince ?? time.GetUtcNow(),
                Process = process,
            };
        }
    }

    public HardeningObservation Observe(HardeningDesire desire, DaemonFile file)
    {
        var state = folder.State;
        return new HardeningObservation
        {
            File = file,
            LastGood = folder.LastGood,
            Engine = Sight.Facts,
            EngineProblem = Sight.Problem,
            ProcessState = Sight.ProcessState,
            DownSince = Sight.DownSince,
            Flags = Sight.Process?.Flags ?? DaemonFlags.None,
            InForce = state.InForce,
            Owned = state.Owned,
            Pending = state.Pending,
            Rejected = state.Rejected,
            MissingPaths = MissingPaths(desire),
            StartBound = options.StartBound,
        };
    }

    /// <summary>An engine process not known yet has read the file as it was when it started.</summary>
    private void Remember(RunningEngine process, EngineAnswers answers)
    {
        var state = folder.State;
        var identity = process.Identity;
        if (identity == new ProcessIdentity(state.EnginePid, state.EngineStartTicks))
        {
            return;
        }

        var now = DaemonFileOnDisk.Read(options.DaemonJson);
        var content = now.File is DaemonFile.Json json ? json.Content : DaemonJson.Empty;
        var readByIt = now.ModifiedAt is not { } modified || modified <= process.StartedAt + ClockSlack;
        var memory = readByIt ? EngineMemory.AfterStart(content) : EngineMemory.Unknown(content, answers);
        folder.Save(state with { EnginePid = identity.Pid, EngineStartTicks = identity.StartTicks, InForce = memory });
    }

    /// <summary>A reload that was not asked for here: a hand may have edited the file, made the engine read it, and undone the edit.</summary>
    private void Account(EngineAnswers answers)
    {
        var state = folder.State;
        var now = DaemonFileOnDisk.Read(options.DaemonJson);
        if (events.Last is not { } reload || reload.At <= state.LastReload || now.File is not DaemonFile.Json json)
        {
            return;
        }

        var at = DateTimeOffset.UnixEpoch.AddTicks(reload.At / TimeSpan.NanosecondsPerTick);
        var memory = now.ModifiedAt < at - ClockSlack
            ? EngineMemory.AfterReload(state.InForce, json.Content)
            : EngineMemory.AfterForeignReload(state.InForce, json.Content, answers);
        folder.Save(state with { InForce = memory, LastReload = reload.At });
    }

    private static HashSet<string> MissingPaths(HardeningDesire desire) =>
        desire.Keys.Where(k => DaemonKeys.Find(k.Key)?.IsPath == true && k.Value.Value.GetValueKind() == System.Text.Json.JsonValueKind.String)
            .Select(k => k.Value.Value.GetValue<string>())
            .Where(p => p.StartsWith('/') && !Path.Exists(p))
            .ToHashSet(StringComparer.Ordinal);
}
