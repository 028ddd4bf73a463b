using Portcullis.EndToEnd.Programs;
using Portcullis.Testing;
using Portcullis.Testing.Engines;
using Portcullis.Testing.Git;

namespace Portcullis.EndToEnd.MainJob;

/// <summary><c>portcullis up</c>: one process, its own Kubernetes API, its own Engine.</summary>
internal sealed class UpStage : Stage
{
    private readonly string _state = Directory.CreateTempSubdirectory("pm-").FullName;
    private PortcullisProcess? _up;
    private Kubectl? _kubectl;

    public override string Mark => "main";

    public override string Root => "root";

    public override GitWorkspace Git { get; } = new();

    public override string DaemonJson => Path.Combine(_state, "engine", "daemon.json");

    public override string EngineAddress => $"unix://{_state}/engine/docker.sock";

    public override Kubectl Kubectl => _kubectl ?? throw new InvalidOperationException("not started");

    public override bool KnowsUsers => true;

    public override (string Label, string Value)? Nodes => null;

    public override async Task StartAsync()
    {
        _up = PortcullisProcess.Start("up", "--source", Git.Folder, "--state", _state, "--without", "registry", "notary");
        _kubectl = new Kubectl(await _up.SaysAsync("export KUBECONFIG="));
    }

    public override async Task KillAsync()
    {
        await _up!.KillAsync();
        await _up.DisposeAsync();
        await Eventually.HoldsAsync(() => ProcessTable.Mentioning(_state).Count == 0, TimeSpan.FromSeconds(40));
    }

    public override async ValueTask DisposeAsync()
    {
        if (_up is not null)
        {
            await _up.DisposeAsync();
        }

        Git.Dispose();
        EngineFolder.Delete(_state);
    }
}
