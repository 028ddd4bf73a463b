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
        var source = new Option<string?>("--source") { Description = "The GitSource that applies this folder: its name in the cluster of --kubeconfig (default: that of the root source), or a file with it.", HelpName = "NAME|FILE" };
        var root = new Option<string>("--root-source") { Description = "The name of the one GitSource that may declare everything.", HelpName = "NAME", DefaultValueFactory = _ => "root" };
        var output = OutputOption.Create();
        var command = new Command("plan", "Show what a commit would change: objects created, configured and pruned, with their fields.")
        {
            path, revision, from, kubeconfig, source, root, output,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new Request(
                parsed.GetRequiredValue(path), parsed.GetValue(revision), parsed.GetValue(from), parsed.GetValue(kubeconfig),
                parsed.GetValue(source), parsed.GetRequiredValue(root), parsed.GetValue(output) == OutputOption.Json),
            parsed.InvocationConfiguration.Output,
            cancellationToken));
        return command.WithExamples(
            "portcullis plan . --from origin/main",
            "portcullis plan . --revision my-branch --from main --output json",
            "portcullis plan . --kubeconfig ~/.kube/config --source root");
    }

    private static async Task<int> RunAsync(Request request, TextWriter output, CancellationToken cancellationToken)
    {
        var (plan, problems) = request.Kubeconfig is { } kubeconfig
            ? await AgainstClusterAsync(request, kubeconfig, cancellationToken)
            : await AgainstCommitAsync(request, cancellationToken);
        if (plan is null)
        {
            await RejectAsync(problems, request.Json, output);
            return (int)ExitCode.Finding;
        }

        await output.WriteAsync(request.Json ? KubernetesJson.ToText(plan.ToJson()) + "\n" : plan.ToText());
        return (int)ExitCode.Done;
    }

    private static async Task RejectAsync(IReadOnlyList<RevisionProblem> problems, bool json, TextWriter output)
    {
        if (json)
        {
            await output.WriteLineAsync(KubernetesJson.ToText(new JsonObject { ["valid"] = false, ["problems"] = ValidateCommand.ProblemsToJson(problems) }));
            return;
        }

        foreach (var problem in problems)
        {
            await output.WriteLineAsync(problem.ToString());
        }

        await output.WriteLineAsync($"{Pluralize.Of(problems.Count, "problem")}: this revision would be rejected, and the last applied one would stay in force");
    }

    private static async Task<(RevisionPlan? Plan, IReadOnlyList<RevisionProblem> Problems)> AgainstCommitAsync(Request request, CancellationToken cancellationToken)
    {
        if (request.Source is { } name && name != request.Root && !Path.Exists(name))
        {
            throw new CommandException(ExitCode.WrongInput, $"--source {name} names no file; a GitSource by its name needs --kubeconfig, the cluster that has it");
        }

        var around = OfflineSurroundings.Of(request.Source == request.Root ? null : request.Source, Kinds);
        var wanted = await OfflineRevision.ReadAsync(request.Path, request.Revision, around, Kinds, cancellationToken);
        if (wanted.Problems.Count > 0)
        {
            return (null, wanted.Problems);
        }

        var inRepository = OfflineRevision.RepositoryOf(request.Path) is not null;
        var from = request.From ?? (request.Revision is { } revision ? await OfflineRevision.ParentOfAsync(request.Path, revision, cancellationToken) : inRepository ? "HEAD" : null);
        IReadOnlyList<RevisionObject> before = from is null ? [] : (await OfflineRevision.ReadAsync(request.Path, from, around, Kinds, cancellationToken)).Content.Objects;
        return (RevisionPlan.Between(wanted.Content, before, Kinds), []);
    }

    private static async Task<(RevisionPlan? Plan, IReadOnlyList<RevisionProblem> Problems)> AgainstClusterAsync(
        Request request, string kubeconfig, CancellationToken cancellationToken)
    {
        var client = KubernetesClientFactory.Create(KubeConfig.Load([kubeconfig]), TimeProvider.System);
        var (files, unread, _) = await OfflineRevision.FilesAsync(request.Path, request.Revision, Kinds, cancellationToken);
        return await new ClusterPlan(client, Kinds, request.Root).MakeAsync(files, unread, request.Source ?? request.Root, cancellationToken);
    }

    private sealed record Request(string Path, string? Revision, string? From, string? Kubeconfig, string? Source, string Root, bool Json);
}
