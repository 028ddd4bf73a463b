using Portcullis.Processes;

namespace Portcullis.Up.Components;

/// <summary>A Docker Engine that leaves the machine's own Engine, bridges and firewall alone.</summary>
internal sealed class EngineComponent(StateFolder state) : ILocalComponent
{
    public const string Name = "engine";
    private const string DataFolder = "data";

    string ILocalComponent.Name => Name;

    public string Socket => Path.Combine(Folder, "docker.sock");

    public string DaemonJson => Path.Combine(Folder, "daemon.json");

    /// <summary>dockerd's own pid file: the process that a SIGHUP is sent to.</summary>
    public string PidFile => Path.Combine(Folder, "docker.pid");

    private string Folder => state.Folder(Name);

    public ChildSpec Prepare()
    {
        if (!File.Exists(DaemonJson))
        {
            File.WriteAllText(DaemonJson, "{}\n");
        }

        return new ChildSpec
        {
            Name = Name,
            Program = "dockerd",
            Package = "docker.io",
            Folder = Folder,
            Address = $"unix://{Socket}",
            StopTimeout = TimeSpan.FromSeconds(30),

            // dockerd mounts its data folder onto itself; after a failed start or a kill no later start unmounts it.
            OwnMount = Path.Combine(Folder, DataFolder),
            Arguments = Arguments(),
        };
    }

    public Task<string?> ProbeAsync(ChildSpec spec, CancellationToken cancellationToken) =>
        HttpProbe.GetAsync(new Uri("http://engine/_ping"), Socket, cancellationToken);

    /// <summary>No bridge and no firewall rules: those belong to the machine, which may have an Engine of its own.</summary>
    private string[] Arguments() =>
    [
        "--host", $"unix://{Socket}",
        "--data-root", Path.Combine(Folder, DataFolder),
        "--exec-root", Path.Combine(Folder, "exec"),
        "--pidfile", PidFile,
        $"--config-file={DaemonJson}",
        "--bridge=none",
        "--iptables=false",
        "--ip6tables=false",
    ];
}
