using System.CommandLine;
using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Kinds;
using Portcullis.Errors;
using Portcullis.Kinds;
using Portcullis.Objects.Json;
using Portcullis.Sources.Validate;

namespace Portcullis.Commands;

/// <summary><c>portcullis validate PATH</c>: every problem of a revision at once, with file and line, without a server.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("PATH") { Description = "A folder, a file, or (with --revision) a repository." };
        var revision = new Option<string?>("--revision") { Description = "Read this commit, branch or tag of the repository that contains PATH, instead of the working tree.", HelpName = "REVISION" };
        var source = new Option<string?>("--source") { Description = "A file or folder with the GitSource whose scope applies; other objects in it count as in force. Default: the scope of the root source, which allows everything.", HelpName = "FILE" };
        var output = OutputOption.Create();
        var command = new Command("validate", "Check manifests without a server: every problem at once, with file and line.") { path, revision, source, output };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(path), parsed.GetValue(revision), parsed.GetValue(source), parsed.GetValue(output) == OutputOption.Json,
            parsed.InvocationConfiguration.Output, cancellationToken));
        return command.WithExamples(
            "portcullis validate examples",
            "portcullis validate . --revision origin/main --output json",
            "portcullis validate teams/mobile --source sources/mobile.yaml");
    }

    private static async Task<int> RunAsync(
        string path, string? revision, string? source, bool json, TextWriter output, CancellationToken cancellationToken)
    {
        var kinds = Catalog.Default.Kinds;
        var read = await OfflineRevision.ReadAsync(path, revision, OfflineSurroundings.Of(source, kinds), kinds, cancellationToken);
        if (json)
        {
            await output.WriteLineAsync(KubernetesJson.ToText(ToJson(read)));
        }
        else
        {
            foreach (var problem in read.Problems)
            {
                await output.WriteLineAsync(problem.ToString());
            }

            foreach (var note in read.Notes)
            {
                await output.WriteLineAsync($"note: {note}");
            }

            await output.WriteLineAsync(read.Problems.Count == 0
                ? $"{Pluralize.Of(read.Content.Objects.Count, "object")} in {Pluralize.Of(read.Files, "file")}, all valid"
                : $"{Pluralize.Of(read.Problems.Count, "problem")} in {Pluralize.Of(read.Files, "file")}");
        }

        return (int)(read.Problems.Count == 0 ? ExitCode.Done : ExitCode.Finding);
    }

    private static JsonObject ToJson(OfflineRevision read) => new()
    {
        ["valid"] = read.Problems.Count == 0,
        ["files"] = read.Files,
        ["objects"] = read.Content.Objects.Count,
        ["problems"] = ProblemsToJson(read.Problems),
        ["notes"] = new JsonArray([.. read.Notes.Select(n => (JsonNode)n)]),
    };

    internal static JsonArray ProblemsToJson(IEnumerable<RevisionProblem> problems)
    {
        var array = new JsonArray();
        foreach (var problem in problems)
        {
            array.Add((JsonNode)new JsonObject
            {
                ["file"] = problem.Position.File,
                ["line"] = problem.Position.Line,
                ["message"] = problem.Message,
            });
        }

        return array;
    }
}
