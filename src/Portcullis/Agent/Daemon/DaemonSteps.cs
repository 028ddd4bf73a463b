using Portcullis.Agent.Engine;
using Portcullis.Agent.Files;

namespace Portcullis.Agent.Daemon;

/// <summary>The parts that carry out the steps of a plan.</summary>
internal sealed class DaemonSteps
{
    public DaemonSteps(AgentOptions options, EngineConnection engine, DaemonStore store, LoadedConfigurationTracker loaded, TimeProvider time)
    {
        var start = new EngineStart(options, engine, time);
        Options = options;
        Engine = engine;
        Files = new DaemonFileWriter(options, store, time);
        Apply = new EngineApplication(options, engine, store, loaded, start, time);
        RollBack = new DaemonRollBack(options, engine, store, start, time);
    }

    public AgentOptions Options { get; }

    public EngineConnection Engine { get; }

    public DaemonFileWriter Files { get; }

    public EngineApplication Apply { get; }

    public DaemonRollBack RollBack { get; }

    /// <summary>Null before the folder is watched.</summary>
    public FileWriters? Writers { get; set; }
}
