using System.CommandLine;
using System.Reflection;
using Portcullis.Clients.Registry;
using Portcullis.Core.Components;
using Portcullis.Core.Reports;
using Portcullis.Core.Vulnerabilities;
using Portcullis.Errors;
using Portcullis.Images;
using Portcullis.Scanning.Advisories;
using Portcullis.Scanning.Images;

namespace Portcullis.Commands;

/// <summary><c>portcullis scan IMAGE</c>: the components, licences and vulnerabilities of an image in a registry, an OCI layout or an archive of docker save.</summary>
internal static class ScanImageCommand
{
    private const string Table = "table";
    private const int PlainWidth = 220;

    private static readonly Argument<string?> Image = new("IMAGE")
    {
        Description = "An image in a registry ([HOST[:PORT]/]REPOSITORY[:TAG][@DIGEST]), or the path of an OCI layout or of an archive of docker save, with :TAG where it has several.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<string?> Platform = new("--platform") { Description = "The image of an index: OS/ARCHITECTURE[/VARIANT]. Default: linux/amd64.", HelpName = "PLATFORM" };
    private static readonly Option<bool> AllPlatforms = new("--all-platforms") { Description = "All images of an index." };
    private static readonly Option<string> Format = OutputFormat();
    private static readonly Option<string?> FailOn = FailOnOption();
    private static readonly Option<bool> PlainHttp = new("--plain-http") { Description = "Ask the registry without TLS." };
    private static readonly Option<string[]> Realms = new("--realm") { Description = "A token server, HOST[:PORT], that may get the credential beside the registry itself. May be repeated.", HelpName = "HOST" };
    private static readonly Option<string> Database = DatabaseOption.Create();

    /// <summary>Makes the command that has the subcommands the one that reads an image too.</summary>
    public static Command AddTo(Command scan)
    {
        foreach (var option in new Option[] { Platform, AllPlatforms, Database, Format, FailOn, PlainHttp, Realms })
        {
            scan.Options.Add(option);
        }

        scan.Arguments.Add(Image);
        scan.SetAction(RunAsync);
        return scan.WithExamples(
            "portcullis scan registry.example.org/admin/app:1.0 --fail-on critical", "portcullis scan ./layout:1.0 --output cyclonedx > bom.json", "portcullis scan saved.tar --all-platforms");
    }

    private static Option<string> OutputFormat()
    {
        var option = new Option<string>("--output", "-o") { Description = "The output format.", DefaultValueFactory = _ => Table };
        option.AcceptOnlyFromAmong(Table, "json", "cyclonedx", "spdx");
        return option;
    }

    private static Option<string?> FailOnOption()
    {
        var option = new Option<string?>("--fail-on")
        {
            Description = "End with exit code 1 when there is a vulnerability of this severity or a graver one, of unknown severity, or when not all could be read.",
            HelpName = "SEVERITY",
        };
        option.AcceptOnlyFromAmong("critical", "major", "minor");
        return option;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var image = parsed.GetValue(Image) ?? throw new CommandException(ExitCode.WrongInput, "name the image: portcullis scan IMAGE (see: portcullis scan --help)");
        var database = Path.GetFullPath(parsed.GetRequiredValue(Database));
        if (parsed.GetValue(FailOn) is not null && !File.Exists(database))
        {
            throw new CommandException(ExitCode.WrongInput, $"there is no database {database}, so that nothing can be said of severities; make one with: portcullis scan db import FILE");
        }

        using var advisories = File.Exists(database) ? AdvisoryDatabase.Open(database) : null;
        var reports = await ReadAsync(parsed, image, advisories, cancellationToken);
        Print(parsed, reports);
        return (int)(parsed.GetValue(FailOn) is { } severity && reports.Any(r => Fails(r, Enum.Parse<Severity>(severity, ignoreCase: true))) ? ExitCode.Finding : ExitCode.Done);
    }

    private static async Task<IReadOnlyList<ImageReport>> ReadAsync(ParseResult parsed, string image, AdvisoryDatabase? advisories, CancellationToken cancellationToken)
    {
        var asked = parsed.GetValue(Platform);
        var platform = asked is null ? ScanPlatform.Default
            : ScanPlatform.TryParse(asked) ?? throw new CommandException(ExitCode.WrongInput, $"'{asked}' is no platform: write OS/ARCHITECTURE[/VARIANT]");
        try
        {
            var (store, tag) = await ImageOpening.OpenAsync(image, parsed.GetValue(PlainHttp), parsed.GetValue(Realms) ?? [], cancellationToken);
            await using var _ = store;
            var found = await StoredImages.FindAsync(store, tag, parsed.GetValue(AllPlatforms) ? null : platform, strict: asked is not null, cancellationToken);
            var reports = new List<ImageReport>();
            foreach (var one in found)
            {
                var inventory = ImageMerge.Of(await StoredImageReader.ReadAsync(store, one, i => Progress(parsed, one, i), cancellationToken), NoContents.Instance);
                reports.Add(Report(image, one, inventory, advisories));
            }

            return reports;
        }
        catch (ImageInputException e)
        {
            throw new CommandException(ExitCode.WrongInput, $"{image}: {e.Message}");
        }
        catch (RegistryException e)
        {
            throw new CommandException(e.IsTransient ? ExitCode.Unreachable : ExitCode.WrongInput, e.Message);
        }
    }

    private static ImageReport Report(string image, ImageDescription found, ImageInventory inventory, AdvisoryDatabase? advisories) => new()
    {
        Image = image,
        Digest = found.Digest,
        Platform = found.Platform.ToString(),
        Inventory = inventory,
        Layers = [.. found.Layers.Select(l => new ReportedLayer(l.Blob.Digest, l.Blob.Size, l.CreatedBy))],
        Findings = advisories is null ? null : ReportedFindings.Of(inventory, advisories),
        ScannerVersion = typeof(ScanImageCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0",
        CreatedAt = TimeProvider.System.GetUtcNow(),
    };

    private static void Print(ParseResult parsed, IReadOnlyList<ImageReport> reports)
    {
        var output = parsed.InvocationConfiguration.Output;
        var format = parsed.GetRequiredValue(Format);
        if (reports.Count > 1 && format is not (Table or "json"))
        {
            throw new CommandException(ExitCode.WrongInput, $"a document of {format} is about one image, and these are {reports.Count}: choose one with --platform or :TAG");
        }

        switch (format)
        {
            case "json":
                output.Write(reports.Count == 1 ? ImageReportJson.Write(reports[0]) : $"[\n{string.Join(",\n", reports.Select(r => ImageReportJson.Write(r).TrimEnd()))}\n]\n");
                break;
            case "cyclonedx":
                output.Write(CycloneDxReport.Write(reports[0]));
                break;
            case "spdx":
                output.Write(SpdxReport.Write(reports[0]));
                break;
            default:
                WriteTables(reports, output);
                break;
        }
    }

    private static void WriteTables(IReadOnlyList<ImageReport> reports, TextWriter output)
    {
        foreach (var (index, report) in reports.Index())
        {
            output.Write(index == 0 ? "" : "\n");
            ReportTables.Write(report, output, Console.IsOutputRedirected ? PlainWidth : Console.WindowWidth, color: false);
        }
    }

    private static void Progress(ParseResult parsed, ImageDescription image, int layer)
    {
        if (!Console.IsErrorRedirected)
        {
            parsed.InvocationConfiguration.Error.WriteLine($"Reading layer {layer + 1} of {image.Layers.Count} of {image.Platform}");
        }
    }

    private static bool Fails(ImageReport report, Severity least) =>
        !report.Inventory.IsComplete || report.Findings is not { NotCovered: [] } findings
        || findings.All.Any(f => f.Finding.Hidden is null && (f.Finding.Vulnerability.Severity == Severity.Unknown || f.Finding.Vulnerability.Severity >= least));
}
