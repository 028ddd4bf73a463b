using System.CommandLine;
using Microsoft.Extensions.Hosting;
using Portcullis.Agent;
using Portcullis.Agent.Engine;
using Portcullis.Errors;
using Portcullis.Http.Machine;
using Portcullis.Kubernetes.Connection;
using Portcullis.Operator;

namespace Portcullis.Commands;

/// <summary><c>portcullis agent</c>: on each node, reconciles the Docker Engine with its NodeHardenings.</summary>
internal static class AgentCommand
{
    public static Command Create()
    {
        var node = new Option<string>("--node")
        {
            Description = "The name of this machine's Node object.",
            HelpName = "NAME",
            DefaultValueFactory = _ => (Environment.GetEnvironmentVariable("NODE_NAME") ?? Environment.MachineName).ToLowerInvariant(),
        };
        var engine = Text("--engine", "SOCKET", "The engine's socket.", "unix:///var/run/docker.sock");
        var daemonJson = Text("--daemon-json", "FILE", "The engine's configuration file.", "/etc/docker/daemon.json");
        var pidFile = Text("--pid-file", "FILE", "dockerd's own pid file.", "/var/run/docker.pid");
        var state = Text("--state", "DIR", "The state folder: which keys are managed, and the last good daemon.json.", "/var/lib/portcullis/agent");
        var unit = Text("--unit", "UNIT", "The engine's systemd unit, restarted when a key requires it.", "docker.service");
        var restart = new Option<string?>("--restart-command") { Description = "The shell command that restarts the engine, instead of systemd.", HelpName = "COMMAND" };
        var log = new Option<string?>("--engine-log") { Description = "With --restart-command: the engine's log, to report why it did not start.", HelpName = "FILE" };
        var dockerd = new Option<string?>("--dockerd") { Description = "The dockerd whose --validate checks daemon.json. Default: the running one.", HelpName = "PROGRAM" };
        var kubeconfig = new Option<string?>("--kubeconfig") { Description = "The cluster. Default: KUBECONFIG, the pod's service account or ~/.kube/config.", HelpName = "FILE" };
        var json = ProgramLog.Json();
        var command = new Command("agent", "Reconcile this node's Docker Engine with its NodeHardenings.")
        {
            node, engine, daemonJson, pidFile, state, unit, restart, log, dockerd, kubeconfig, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = new AgentOptions
            {
                NodeName = parsed.GetRequiredValue(node),
                Engine = Socket(parsed.GetRequiredValue(engine)),
                DaemonJson = Path.GetFullPath(parsed.GetRequiredValue(daemonJson)),
                PidFile = Path.GetFullPath(parsed.GetRequiredValue(pidFile)),
                StateFolder = Private(Path.GetFullPath(parsed.GetRequiredValue(state))),
                Dockerd = parsed.GetValue(dockerd),
            };
            IEngineProcess process = parsed.GetValue(restart) is { } shell
                ? new CommandEngine(shell, parsed.GetValue(log))
                : new SystemdEngine(parsed.GetRequiredValue(unit));
            using var host = AgentHost.Build(
                options, process, KubeConfig.LoadDefault(parsed.GetValue(kubeconfig)), logging => ProgramLog.Configure(logging, parsed.GetValue(json)));
            using var idle = new IdleMemory(TimeProvider.System);
            await idle.StartAsync(cancellationToken);
            await host.RunAsync(cancellationToken);
            await idle.StopAsync(CancellationToken.None);
            return (int)ExitCode.Done;
        });
        return command.WithExamples(
            "portcullis agent --node worker-1",
            "portcullis agent --node worker-1 --engine unix:///run/docker.sock --daemon-json /etc/docker/daemon.json --kubeconfig /etc/portcullis/agent.kubeconfig",
            "portcullis agent --restart-command 'service docker restart' --engine-log /var/log/docker.log");
    }

    private static string Socket(string address) => address.StartsWith("unix:///", StringComparison.Ordinal)
        ? address
        : throw new CommandException(ExitCode.WrongInput, $"--engine {address}: the agent works only with the engine of its own machine: give its socket, for example unix:///var/run/docker.sock");

    /// <summary>Checked before a host is made, which would log what ends it with its stack.</summary>
    private static string Private(string folder) => PrivateFolder.Claim(folder) is { } problem
        ? throw new CommandException(ExitCode.WrongInput, $"--state: {problem}")
        : folder;

    private static Option<string> Text(string name, string value, string description, string otherwise) =>
        new(name) { Description = description, HelpName = value, DefaultValueFactory = _ => otherwise };
}
