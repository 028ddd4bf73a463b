using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Portcullis.Core.Signing;
using Portcullis.Errors;
using Portcullis.Kubernetes.Connection;
using Portcullis.Objects.Json;
using Portcullis.Signing;

namespace Portcullis.Commands;

/// <summary><c>portcullis trust verify REF</c>: whether an image may run, by whose signatures, step by step.</summary>
internal static class TrustVerifyCommand
{
    public static Command Create()
    {
        var image = new Argument<string>("REF") { Description = "The image as a container names it: dtr.example.com/acme/app:1, or with @sha256:…" };
        var policy = new Option<string?>("--policy") { Description = "Ask this SigningPolicy alone, whatever its mode and scope.", HelpName = "NAME" };
        var place = new Option<string?>("--namespace", "-n") { Description = "Where the image is to run. Without it, every policy is asked that covers the image in some namespace.", HelpName = "NAME" };
        var kubeconfig = new Option<string?>("--kubeconfig") { Description = "The cluster. Default: as kubectl.", HelpName = "FILE" };
        var output = OutputOption.Create();
        var command = new Command("verify", "Explain whether an image may run. Exit code 1 when a policy refuses it, 3 when that cannot be found out.") { image, policy, place, kubeconfig, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var name = parsed.GetRequiredValue(image);
            if (ImageName.TryParse(name) is null)
            {
                throw new CommandException(ExitCode.WrongInput, $"\"{name}\" is not the name of an image");
            }

            var decision = await DecideAsync(KubeConfig.LoadDefault(parsed.GetValue(kubeconfig)), name, parsed.GetValue(policy), parsed.GetValue(place), cancellationToken);
            var explanation = TrustExplanation.Of(decision);
            await parsed.InvocationConfiguration.Output.WriteAsync(parsed.GetValue(output) == OutputOption.Json
                ? KubernetesJson.ToText(JsonSerializer.SerializeToNode(explanation, SigningJsonContext.Default.TrustExplanation)!) + "\n"
                : SigningExplanationText.Of(explanation, parsed.GetValue(place)));
            return (int)(decision.Verdict switch
            {
                SigningVerdict.Unknown => ExitCode.Unreachable,
                SigningVerdict.Refused when !decision.MayRun => ExitCode.Finding,
                _ => ExitCode.Done,
            });
        });
        return command.WithExamples(
            "portcullis trust verify dtr.example.com/admin/flask:66 --namespace web", "portcullis trust verify dtr.example.com/admin/flask:66 --policy production --output json");
    }

    /// <summary>Decides as the operator does, from what the cluster and the Notary server have now.</summary>
    private static async Task<SigningDecision> DecideAsync(KubernetesConnection connection, string image, string? policy, string? @namespace, CancellationToken cancellationToken)
    {
        var host = await SignatureHost.StartAsync(connection, cancellationToken);
        try
        {
            var asked = policy is null ? null
                : host.Services.GetRequiredService<SigningState>().Current.Find(policy) ?? throw new CommandException(ExitCode.WrongInput, $"no source declares a SigningPolicy {policy}");
            return await host.Services.GetRequiredService<SignedImages>().ExplainAsync(image, asked, @namespace, cancellationToken);
        }
        finally
        {
            await SignatureHost.StopAsync(host);
        }
    }
}
