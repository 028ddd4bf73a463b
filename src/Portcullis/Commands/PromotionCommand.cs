using System.CommandLine;
using System.Text.Json;
using Portcullis.Core.Promotions;
using Portcullis.Errors;
using Portcullis.Evidence;
using Portcullis.Kubernetes.Connection;
using Portcullis.Kubernetes.Http;
using Portcullis.Objects.Json;
using Portcullis.Promotions;

namespace Portcullis.Commands;

/// <summary><c>portcullis promotion explain REPOSITORY:TAG</c>: where an image came from, and what every policy decides about it, with the evidence.</summary>
internal static class PromotionCommand
{
    public static Command Create() => new("promotion", "Look into promotions.") { Explain() };

    private static Command Explain()
    {
        var image = new Argument<string>("REPOSITORY:TAG") { Description = "The image, with or without the registry's host: admin/flask_build:66." };
        var registry = new Option<string?>("--registry") { Description = "The name of the Registry, when several have the repository.", HelpName = "NAME" };
        var kubeconfig = new Option<string?>("--kubeconfig") { Description = "The cluster. Default: as kubectl.", HelpName = "FILE" };
        var output = OutputOption.Create();
        var command = new Command("explain", "Show where an image came from and what every policy decides about it. Exit code 1 when a policy holds it up.")
        {
            image, registry, kubeconfig, output,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var connection = KubeConfig.LoadDefault(parsed.GetValue(kubeconfig));
            var client = KubernetesClientFactory.Create(connection, TimeProvider.System);
            await using var signatures = new AskedSignatures(connection);
            var explanation = await new PromotionLookup(client, new ClusterEvidence(client, signatures.OfAsync), TimeProvider.System)
                .ExplainAsync(parsed.GetRequiredValue(image), parsed.GetValue(registry), cancellationToken);
            var writer = parsed.InvocationConfiguration.Output;
            await writer.WriteAsync(parsed.GetValue(output) == OutputOption.Json
                ? KubernetesJson.ToText(JsonSerializer.SerializeToNode(explanation, PromotionsJsonContext.Default.PromotionExplanation)!) + "\n"
                : ExplanationText.Of(explanation));
            return (int)(explanation.IsHeldUp ? ExitCode.Finding : ExitCode.Done);
        });
        return command.WithExamples("portcullis promotion explain admin/flask_build:66", "portcullis promotion explain admin/flask:latest --output json");
    }
}
