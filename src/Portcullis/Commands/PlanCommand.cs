using System.CommandLine;
using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Kinds;
using Portcullis.Core.Revisions;
using Portcullis.Errors;
using Portcullis.Kinds;
using Portcullis.Kubernetes.Connection;
using Portcullis.Kubernetes.Http;
using Portcullis.Objects.Json;
using Portcullis.Sources.Plan;
using Portcullis.Sources.Validate;

namespace Portcullis.Commands;

/// <summary><c>portcullis plan PATH</c>: what a commit would change, against another commit or a cluster; for merge requests.</summary>
internal static class PlanCommand
{
    private static readonly KindSet Kinds = Catalog.Default.Kinds;

    public static Command Create()
    {
        var path = new Argument<string>("PATH") { Description = "The folder that the GitSource reads." };
        var revision = new Option<string?>("--revision") { Description = "Plan this commit, branch or tag instead of the working tree.", HelpName = "REVISION" };
        var from = new Option<string?>("--from") { Description = "Compare with this commit. Default: HEAD for the working tree, else the parent of --revision.", HelpName = "REVISION" };
        var kubeconfig = new Option<string?>("--kubeconfig") { Description = "Compare with the cluster of this kubeconfig instead of a commit.", HelpName = "FILE" };
        var source = new Option<string>("--source") { Description = "The GitSource that applies this folder, by name (with --kubeconfig).", HelpName = "NAME", DefaultValueFactory = _ => "root" };
        var output = OutputOption.Create();
        var command = new Command("plan", "Show what a commit would change: objects created, configured and pruned, with their fields.")
        {
            path, revision, from, kubeconfig, source, output,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new Request(
                parsed.GetRequiredValue(path), parsed.GetValue(revision), parsed.GetValue(from), parsed.GetValue(kubeconfig),
                parsed.GetValue(source)!, parsed.GetValue(output) == OutputOption.Json),
            parsed.InvocationConfiguration.Output,
            cancellationToken));
        return command.WithExamples(
            "portcullis plan . --from origin/main",
            "portcullis plan . --revision my-branch --from main --output json",
            "portcullis plan . --kubeconfig ~/.kube/config --source root");
    }

    private static async Task<int> RunAsync(Request request, TextWriter output, CancellationToken cancellationToken)
    {
        var wanted = await OfflineRevision.ReadAsync(request.Path, request.Revision, OfflineRevision.HolderOf(null, Kinds), Kinds, cancellationToken);
        if (wanted.Problems.Count > 0)
        {
            if (request.Json)
            {
                await output.WriteLineAsync(KubernetesJson.ToText(new JsonObject { ["valid"] = false, ["problems"] = ValidateCommand.ProblemsToJson(wanted.Problems) }));
            }
            else
            {
                foreach (var problem in wanted.Problems)
                {
                    await output.WriteLineAsync(problem.ToString());
                }

                await output.WriteLineAsync($"{Pluralize.Of(wanted.Problems.Count, "problem")}: this revision would be rejected, and the last applied one would stay in force");
            }

            return (int)ExitCode.Finding;
        }

        var plan = request.Kubeconfig is { } kubeconfig
            ? await AgainstClusterAsync(wanted.Content, kubeconfig, request.Source, cancellationToken)
            : await AgainstCommitAsync(wanted.Content, request, cancellationToken);
        await output.WriteAsync(request.Json ? KubernetesJson.ToText(plan.ToJson()) + "\n" : plan.ToText());
        return (int)ExitCode.Done;
    }

    private static async Task<RevisionPlan> AgainstCommitAsync(RevisionContent wanted, Request request, CancellationToken cancellationToken)
    {
        var inRepository = OfflineRevision.RepositoryOf(request.Path) is not null;
        var from = request.From ?? (request.Revision is { } revision ? revision + "^" : inRepository ? "HEAD" : null);
        if (from is null)
        {
            return RevisionPlan.Between(wanted, [], Kinds);
        }

        var before = await OfflineRevision.ReadAsync(request.Path, from, OfflineRevision.HolderOf(null, Kinds), Kinds, cancellationToken);
        return RevisionPlan.Between(wanted, before.Content.Objects, Kinds);
    }

    private static async Task<RevisionPlan> AgainstClusterAsync(RevisionContent wanted, string kubeconfig, string source, CancellationToken cancellationToken)
    {
        var client = KubernetesClientFactory.Create(KubeConfig.Load([kubeconfig]), TimeProvider.System);
        return await ClusterPlan.MakeAsync(client, wanted, source, Kinds, cancellationToken);
    }

    private sealed record Request(string Path, string? Revision, string? From, string? Kubeconfig, string Source, bool Json);
}
