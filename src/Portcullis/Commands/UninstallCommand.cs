using System.CommandLine;
using System.Globalization;
using Portcullis.Errors;
using Portcullis.Kubernetes.Connection;
using Portcullis.Kubernetes.Http;
using Portcullis.Objects.Json;
using Portcullis.Uninstall;

namespace Portcullis.Commands;

/// <summary><c>portcullis uninstall</c>: takes everything of ours off a cluster, with or without a running operator.</summary>
internal static class UninstallCommand
{
    private static readonly Option<string?> KubeConfigFile = new("--kubeconfig") { Description = "The cluster. Default: as kubectl.", HelpName = "FILE" };
    private static readonly Option<string?> Context = new("--context") { Description = "The kubeconfig's context.", HelpName = "NAME" };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "List every object that would be removed, and change nothing." };
    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Do not ask." };
    private static readonly Option<bool> KeepAccess = new("--keep-access") { Description = "Leave the RoleBindings of Grants and their ClusterRoles. Nobody revokes them any more, also not those of Grants that end." };
    private static readonly Option<bool> KeepGuardrails = new("--keep-guardrails") { Description = "Leave quotas, limits, network policies and Pod Security of Collections, with the labels of their namespaces." };
    private static readonly Option<bool> DeleteTrustKeys = new("--delete-trust-keys") { Description = "Delete the namespace portcullis-trust also when there are Secrets in it. What these keys signed can then not be signed anew." };
    private static readonly Option<string> Timeout = new("--timeout") { Description = "How long to wait until a CRD or a namespace is gone.", HelpName = "DURATION", DefaultValueFactory = _ => "1m" };

    public static Command Create()
    {
        var command = new Command("uninstall", "Remove Portcullis from a cluster: webhooks, workloads, rights, access, guardrails, finalizers, CRDs and namespaces. What runs in other namespaces stays.")
        {
            KubeConfigFile, Context, DryRun, Yes, KeepAccess, KeepGuardrails, DeleteTrustKeys, Timeout,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(Timeout) is { } text && KubernetesDuration.Parse(text) is not { Ticks: > 0 })
            {
                result.AddError($"--timeout: \"{text}\" is not a duration such as 1m");
            }
        });
        command.SetAction(RunAsync);
        return command.WithExamples("portcullis uninstall --dry-run", "portcullis uninstall --keep-access --keep-guardrails", "portcullis uninstall --yes --kubeconfig ~/.kube/config");
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        if (!parsed.GetValue(Yes) && !parsed.GetValue(DryRun) && Console.IsInputRedirected)
        {
            throw new CommandException(ExitCode.WrongInput, "there is no terminal to ask on: give --dry-run to see what would be removed, then --yes");
        }

        var options = Options(parsed);
        var connection = KubeConfig.LoadDefault(parsed.GetValue(KubeConfigFile), parsed.GetValue(Context));
        var cluster = new InstalledCluster(KubernetesClientFactory.Create(connection), TimeProvider.System);
        var run = new UninstallRun(UninstallSteps.Of(cluster, options), output, error, TimeProvider.System);

        // Read before anything goes: what stays is known from what goes.
        var notes = await new UninstallNotes(cluster, options).ReadAsync(cancellationToken);
        if (!parsed.GetValue(Yes) || parsed.GetValue(DryRun))
        {
            await output.WriteLineAsync($"To be removed from {connection}:");
            await ShowAsync(await run.PlanAsync(cancellationToken), output, byName: parsed.GetValue(DryRun));
            await ShowAsync(notes, output);
        }

        if (parsed.GetValue(DryRun))
        {
            return (int)ExitCode.Done;
        }

        if (!parsed.GetValue(Yes) && !await AgreesAsync(output, cancellationToken))
        {
            throw new CommandException(ExitCode.Finding, "nothing was changed");
        }

        var ended = await EndAsync(run, output, error, cancellationToken);
        await ShowAsync(parsed.GetValue(Yes) ? notes : [], output);
        return ended;
    }

    private static UninstallOptions Options(ParseResult parsed) => new()
    {
        KeepAccess = parsed.GetValue(KeepAccess),
        KeepGuardrails = parsed.GetValue(KeepGuardrails),
        DeleteTrustKeys = parsed.GetValue(DeleteTrustKeys),
        Patience = KubernetesDuration.Parse(parsed.GetRequiredValue(Timeout))!.Value,
    };

    private static async Task ShowAsync(IReadOnlyList<(string Title, IReadOnlyList<string> Objects)> plan, TextWriter output, bool byName)
    {
        foreach (var (title, objects) in plan)
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {title}: {objects.Count}"));
            foreach (var name in byName ? objects : [])
            {
                await output.WriteLineAsync($"    {name}");
            }
        }
    }

    private static async Task ShowAsync(IReadOnlyList<string> notes, TextWriter output)
    {
        foreach (var note in notes)
        {
            await output.WriteLineAsync($"Stays: {note}");
        }
    }

    private static async Task<bool> AgreesAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await output.WriteAsync("Remove it? [y/N] ");
        await output.FlushAsync(cancellationToken);

        // On a thread of its own: reading from a terminal cannot be cancelled, and Ctrl-C must end the command at once.
        var answer = await Task.Run(Console.In.ReadLine, CancellationToken.None).WaitAsync(cancellationToken);
        return answer?.Trim() is "y" or "Y" or "yes";
    }

    private static async Task<int> EndAsync(UninstallRun run, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        try
        {
            var code = await run.RunAsync(cancellationToken);
            await (code == ExitCode.Done
                ? output.WriteLineAsync("Portcullis is removed from the cluster.")
                : error.WriteLineAsync("portcullis: something is left: see above, then run the same command again"));
            return (int)code;
        }
        catch (OperationCanceledException)
        {
            throw new CommandException(ExitCode.Finding, "interrupted: something is left. Run the same command again");
        }
    }
}
