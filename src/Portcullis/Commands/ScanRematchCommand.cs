using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Portcullis.Core;
using Portcullis.Core.Scans;
using Portcullis.Errors;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Connection;
using Portcullis.Kubernetes.Http;
using Portcullis.Sources.Receive;

namespace Portcullis.Commands;

/// <summary><c>portcullis scan rematch</c>: has the operator judge images again.</summary>
internal static class ScanRematchCommand
{
    private static readonly Argument<string?> Repository = new("REPOSITORY") { Description = "Only the images of this repository: admin/flask. Default: all.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> KubeConfigFile = new("--kubeconfig") { Description = "The cluster. Default: as kubectl.", HelpName = "FILE" };

    public static Command Create()
    {
        var command = new Command("rematch", "Have the operator judge images again by its database of advisories. It does so by itself when that is replaced.") { Repository, KubeConfigFile };
        command.SetAction(RunAsync);
        return command.WithExamples("portcullis scan rematch", "portcullis scan rematch admin/flask");
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var client = KubernetesClientFactory.Create(KubeConfig.LoadDefault(parsed.GetValue(KubeConfigFile)), TimeProvider.System);
        var repository = parsed.GetValue(Repository);
        var asked = 0;
        await foreach (var one in client.ListAsync(ImageScan.Definition, new ListOptions(), cancellationToken))
        {
            var scan = one.Deserialize(ScansJsonContext.Default.ImageScan)!;
            if (repository is null || scan.Spec.Repository == repository)
            {
                await client.RequestReconcileAsync(ImageScan.Definition, scan.Key, TimeProvider.System, cancellationToken);
                asked++;
            }
        }

        if (asked == 0 && repository is not null)
        {
            throw new CommandException(ExitCode.WrongInput, $"no image of {repository} is scanned");
        }

        await parsed.InvocationConfiguration.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{Pluralize.Of(asked, "image")} to be judged again; kubectl get imagescans shows the results"));
        return (int)ExitCode.Done;
    }
}
