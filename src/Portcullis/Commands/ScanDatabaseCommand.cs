using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.Errors;
using Portcullis.Objects.Json;
using Portcullis.Scanning.Advisories;

namespace Portcullis.Commands;

/// <summary><c>portcullis scan db</c>: the database of advisories.</summary>
internal static class ScanDatabaseCommand
{
    private static readonly Option<string> Database = DatabaseOption.Create();
    private static readonly Option<string> Output = OutputOption.Create();

    public static Command Create() => new("db", "The database of advisories.") { Import(), Info() };

    private static Command Import()
    {
        var sources = new Argument<string[]>("FILE")
        {
            Description = "OSV advisories: a zip or tar archive (gzip, zstd), a folder, or a file that ends with .json or .yaml.",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("import", "Add advisories to the database, or make it. Exit code 1 when some could not be read.") { sources, Database, Output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var path = Path.GetFullPath(parsed.GetRequiredValue(Database));
            var files = parsed.GetRequiredValue(sources);
            if (Array.Find(files, f => !File.Exists(f) && !Directory.Exists(f)) is { } missing)
            {
                throw new CommandException(ExitCode.WrongInput, $"there is no file or folder {missing}");
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var progress = new ImportLines(parsed.InvocationConfiguration.Error);
            var report = new AdvisoryImport(path, ImportLimits.Default).Run(files, progress, cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteAsync(parsed.GetValue(Output) == OutputOption.Json ? ImportText.Json(report) : ImportText.Of(report, path));
            return (int)(report.Unreadable > 0 ? ExitCode.Finding : ExitCode.Done);
        });
        return command.WithExamples("portcullis scan db import Debian.zip PyPI.zip", "portcullis scan db import --database advisories.db advisory-database.tar.gz");
    }

    private static Command Info()
    {
        var verify = new Option<bool>("--verify") { Description = "Read and verify the whole file." };
        var command = new Command("info", "Show what the database has, and of when it is.") { Database, verify, Output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var path = Path.GetFullPath(parsed.GetRequiredValue(Database));
            if (!File.Exists(path))
            {
                throw new CommandException(ExitCode.WrongInput, $"there is no database {path}; make one with: portcullis scan db import FILE");
            }

            using var database = AdvisoryDatabase.Open(path);
            if (parsed.GetValue(verify))
            {
                database.Verify(cancellationToken);
            }

            await parsed.InvocationConfiguration.Output.WriteAsync(parsed.GetValue(Output) == OutputOption.Json ? Json(database) : Text(database));
            return (int)ExitCode.Done;
        });
        return command.WithExamples("portcullis scan db info", "portcullis scan db info --database advisories.db --verify --output json");
    }

    private static string Text(AdvisoryDatabase database) => string.Create(CultureInfo.InvariantCulture, $"""
        File:        {database.Path} ({database.Size:N0} bytes)
        Date:        {KubernetesJson.Time(database.Date)}
        Advisories:  {database.AdvisoryCount:N0}, and {database.WithdrawnCount:N0} withdrawn
        Packages:    {database.PackageCount:N0}
        Ecosystems:  {string.Join(", ", database.Ecosystems)}

        """);

    private static string Json(AdvisoryDatabase database) => KubernetesJson.ToText(new JsonObject
    {
        ["file"] = database.Path,
        ["bytes"] = database.Size,
        ["date"] = KubernetesJson.Time(database.Date),
        ["advisories"] = database.AdvisoryCount,
        ["withdrawn"] = database.WithdrawnCount,
        ["packages"] = database.PackageCount,
        ["ecosystems"] = new JsonArray([.. database.Ecosystems.Select(e => JsonValue.Create(e))]),
    }) + "\n";
}
