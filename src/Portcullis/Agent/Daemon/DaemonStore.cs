using Portcullis.Agent.Files;
using Portcullis.Core.Hardening;

namespace Portcullis.Agent.Daemon;

/// <summary>The durable state of the task: its state file, the last good daemon.json, and copies of files that were broken or rejected.</summary>
internal sealed class DaemonStore
{
    private const string LastGoodFile = "daemon.json.previous";
    private readonly StateFile<DaemonState> _state;

    public DaemonStore(string folder)
    {
        Folder = new AgentFolder(folder);
        _state = new StateFile<DaemonState>(Folder, "state.json", DaemonJsonContext.Default.DaemonState, new DaemonState());
        LastGood = DaemonFileOnDisk.Read(Folder.PathOf(LastGoodFile)).File is DaemonFile.Json json ? json.Content : null;
    }

    public AgentFolder Folder { get; }

    public DaemonState State => _state.Current;

    /// <summary>daemon.json as it was when the engine last ran with it.</summary>
    public DaemonJson? LastGood { get; private set; }

    /// <summary>Durable when it returns.</summary>
    public void Save(DaemonState state) => _state.Save(state);

    public void SaveLastGood(DaemonJson content)
    {
        var bytes = content.ToBytes();
        if (LastGood is null || !bytes.AsSpan().SequenceEqual(LastGood.ToBytes()))
        {
            Folder.Write(LastGoodFile, bytes);
            LastGood = content;
        }
    }
}
