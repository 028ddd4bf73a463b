using System.CommandLine;
using Microsoft.Extensions.Logging;
using Portcullis.ApiServer;
using Portcullis.Errors;
using Portcullis.Operator;
using Portcullis.Processes;

namespace Portcullis.Commands;

/// <summary><c>portcullis apiserver</c>: the embedded Kubernetes API alone, for experiments and benchmarks.</summary>
internal static class ApiServerCommand
{
    public static Command Create()
    {
        var state = new Option<string>("--state") { Description = "The folder of its objects and keys.", HelpName = "DIR", Required = true };
        var port = new Option<int>("--port") { CustomParser = PortNumber.Parse, Description = "The loopback port. Default: a free port, the same at each start.", HelpName = "PORT" };
        var json = ProgramLog.Json();
        var command = new Command("apiserver", "Run the embedded Kubernetes API alone, without operator and agent.") { state, port, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var loggers = LoggerFactory.Create(logging =>
            {
                ProgramLog.Configure(logging, parsed.GetValue(json));
                logging.SetMinimumLevel(LogLevel.Warning);
            });
            await using var server = await EmbeddedApiServer.StartAsync(
                new ApiServerOptions { StateFolder = Path.GetFullPath(parsed.GetRequiredValue(state)), Port = parsed.GetValue(port) }, loggers, cancellationToken);
            var output = parsed.InvocationConfiguration.Output;
            await output.WriteLineAsync($"Listening on {server.Address}");
            await output.WriteLineAsync($"export KUBECONFIG={server.AdminKubeconfigPath}");
            await output.FlushAsync(cancellationToken);
            using var idle = new IdleMemory(TimeProvider.System);
            await idle.StartAsync(cancellationToken);
            await HostEnd.UntilStoppedAsync(cancellationToken);
            await idle.StopAsync(CancellationToken.None);
            return (int)ExitCode.Done;
        });
        return command.WithExamples("portcullis apiserver --state /tmp/api", "KUBECONFIG=/tmp/api/admin.kubeconfig kubectl api-resources");
    }
}
