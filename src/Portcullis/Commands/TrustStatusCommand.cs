using System.CommandLine;
using System.Text.Json;
using Portcullis.Clients.Notary;
using Portcullis.Clients.Registry;
using Portcullis.Core.Trust;
using Portcullis.Errors;
using Portcullis.Kubernetes.Connection;
using Portcullis.Kubernetes.Http;
using Portcullis.Objects.Json;
using Portcullis.Trust.Delegations;

namespace Portcullis.Commands;

/// <summary><c>portcullis trust status HOST/REPOSITORY</c>: who may sign, which keys, until when, and what is still to be done.</summary>
internal static class TrustStatusCommand
{
    public static Command Create()
    {
        var gun = new Argument<string>("HOST/REPOSITORY") { Description = "The name of the trust data: the image's name without its tag." };
        var server = new Option<string?>("--server") { Description = "Also ask this Notary server, and verify what it has. One that asks for tokens refuses this.", HelpName = "URL" };
        var kubeconfig = new Option<string?>("--kubeconfig") { Description = "The cluster. Default: as kubectl.", HelpName = "FILE" };
        var output = OutputOption.Create();
        var command = new Command("status", "Show roles, keys, their holders, when they end, and what waits for a signature. Exit code 1 when something is not as declared.")
        {
            gun, server, kubeconfig, output,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
            var notary = parsed.GetValue(server) is { } url ? Connect(url, handler) : null;
            var client = KubernetesClientFactory.Create(KubeConfig.LoadDefault(parsed.GetValue(kubeconfig)), TimeProvider.System);
            var overview = await new TrustLookup(client, TimeProvider.System).FindAsync(parsed.GetRequiredValue(gun), notary, cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteAsync(parsed.GetValue(output) == OutputOption.Json
                ? KubernetesJson.ToText(JsonSerializer.SerializeToNode(overview, TrustJsonContext.Default.TrustOverview)!) + "\n"
                : OverviewText.Of(overview));
            return (int)(overview.IsPublished ? ExitCode.Done : ExitCode.Finding);
        });
        return command.WithExamples("portcullis trust status registry.example.com/shop/web", "portcullis trust status registry.example.com/shop/web --server https://notary.example.com");
    }

    private static NotaryClient Connect(string url, SocketsHttpHandler handler) => RegistryEndpoint.TryParse(url.TrimEnd('/'), allowPlainHttp: true) is { } endpoint
        ? NotaryClient.Create(endpoint, handler, new RegistryClientOptions())
        : throw new CommandException(ExitCode.WrongInput, $"\"{url}\" is not of the form https://HOST[:PORT]");
}
