using System.CommandLine;
using Portcullis.Bindings;
using Portcullis.Errors;
using Portcullis.Kubernetes.Connection;
using Portcullis.Kubernetes.Http;
using Portcullis.Objects.Json;

namespace Portcullis.Commands;

/// <summary><c>portcullis access foreign</c>: who has access to collections that no Grant gives.</summary>
internal static class AccessCommand
{
    public static Command Create() => new("access", "Ask who may do what.") { Foreign() };

    private static Command Foreign()
    {
        var collection = new Option<string?>("--collection") { Description = "Only this collection and those below it.", HelpName = "PATH" };
        var cluster = new Option<bool>("--cluster") { Description = "Also ClusterRoleBindings, which give access in every namespace." };
        var kubeconfig = new Option<string?>("--kubeconfig") { Description = "The cluster. Default: as kubectl.", HelpName = "FILE" };
        var output = OutputOption.Create();
        var command = new Command(
            "foreign",
            "List the RoleBindings in collections' namespaces that stand for no Grant, with their subjects. Exit code 1 when there are any. Service accounts with rights in their own namespace are left out.")
        {
            collection, cluster, kubeconfig, output,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var lookup = new ForeignAccessLookup(KubernetesClientFactory.Create(KubeConfig.LoadDefault(parsed.GetValue(kubeconfig)), TimeProvider.System));
            var found = await lookup.InCollectionsAsync(parsed.GetValue(collection), cancellationToken);
            var everywhere = parsed.GetValue(cluster) ? await lookup.EverywhereAsync(cancellationToken) : [];
            await parsed.InvocationConfiguration.Output.WriteAsync(parsed.GetValue(output) == OutputOption.Json
                ? KubernetesJson.ToText(ForeignAccessText.ToJson([.. found, .. everywhere])) + "\n"
                : ForeignAccessText.Of(found, everywhere));
            return (int)(found.Count + everywhere.Count > 0 ? ExitCode.Finding : ExitCode.Done);
        });
        return command.WithExamples("portcullis access foreign --collection /production", "portcullis access foreign --cluster --output json");
    }
}
