using System.Globalization;
using Portcullis.Core.Components;
using Portcullis.Core.Licences;
using Portcullis.Core.Vulnerabilities;

namespace Portcullis.Core.Scans;

/// <summary>Judges an image by what was seen of it. What could not be seen is never taken for nothing found.</summary>
public static class ImageScanJudge
{
    private static readonly TimeSpan WhenFailed = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan WhenRefused = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan BeforeReport = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan WhenAwaited = TimeSpan.FromMinutes(1);

    /// <summary>Documents that others attach to an image are looked for so often where no ledger shows them.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromHours(1);

    public static Reconciled<ImageScanStatus> Judge(ImageScan scan, ImageScanObservation seen, DateTimeOffset now)
    {
        if (seen.Result is null && seen.Inventories.Count > 0 && seen.Awaited.Count == 0 && scan.Status is { State: ImageScanState.Completed or ImageScanState.Incomplete, ScannerVersion: { } version } && version == seen.ScannerVersion)
        {
            // What an earlier database said is still so; it is only not known what a newer one would say.
            return new Reconciled<ImageScanStatus>(NoDatabase, scan.Status);
        }

        var status = StatusOf(seen);
        status = Dated(status, scan.Status, seen, now);
        return new Reconciled<ImageScanStatus>(OutcomeOf(status, seen, now), status) { Events = [.. Events(scan.Status, status)] };
    }

    private static Outcome.Waiting NoDatabase => new(ImageScanReasons.NoDatabase, "there is no vulnerability database: start the operator with --advisories", WhenAwaited);

    private static ImageScanStatus StatusOf(ImageScanObservation seen)
    {
        var status = new ImageScanStatus { State = StateOf(seen), Images = seen.Images, Problems = Some(ProblemsOf(seen), ImageScanBounds.Problems), ScannerVersion = seen.ScannerVersion };
        if (status.State is ImageScanState.Failed or ImageScanState.NotAnImage || seen.Inventories.Count == 0)
        {
            return status;
        }

        var components = seen.Inventories.SelectMany(i => i.Components).Select(c => c.Component).Distinct().ToList();
        return WithResult(status, seen.Result) with
        {
            Components = components.Count,
            Licenses = Some(LicensesOf(components), ImageScanBounds.Licenses),
            Distribution = DistributionOf(seen.Inventories),
            Evidence = seen.Evidence,
            Attested = Some(seen.Attested, ImageScanBounds.Reports),
            Ignored = Some(seen.Ignored, ImageScanBounds.Reports),
        };
    }

    private static ImageScanStatus WithResult(ImageScanStatus status, ImageResult? result) => result is null ? status : status with
    {
        Critical = result.All.Critical,
        Major = result.All.Major,
        Minor = result.All.Minor,
        Unknown = result.All.Unknown,
        Fixable = result.Fixable == FindingSummary.None ? null : result.Fixable,
        HighestScore = result.All.HighestScore,
        Unscored = result.All.Unscored == 0 ? null : result.All.Unscored,
        Hidden = result.Hidden.Select(f => f.Vulnerability.Id).Distinct(StringComparer.Ordinal).Count() is > 0 and var hidden ? hidden : null,
        Findings = Some(Worst(result.Counted), ImageScanBounds.Findings),
    };

    private static ImageScanState StateOf(ImageScanObservation seen) => seen switch
    {
        { Failure: not null } => ImageScanState.Failed,
        { NotAnImage: not null } => ImageScanState.NotAnImage,
        { Awaited.Count: > 0 } or { Result: null } => ImageScanState.Pending,
        _ => seen.Inventories.All(i => i.IsComplete) && !seen.Result.NotCovered.Any() && seen.Unread.Count == 0 ? ImageScanState.Completed : ImageScanState.Incomplete,
    };

    private static IEnumerable<string> ProblemsOf(ImageScanObservation seen) =>
        new[] { seen.Failure, seen.NotAnImage }.OfType<string>()
            .Concat(seen.Inventories.SelectMany(i => i.Problems.Select(p => Text(i, p))))
            .Concat((seen.Result?.NotCovered ?? []).Select(n => $"the vulnerability database has no advisories for {n}"))
            .Concat(seen.Unread)
            .Concat(seen.NotAttached is { } why ? [$"the result is not attached to the image: {why}"] : []);

    private static string Text(ImageInventory image, InventoryProblem problem)
    {
        var layer = problem.Layer >= 0 && problem.Layer < image.Layers.Count ? image.Layers[problem.Layer] : problem.Layer.ToString(CultureInfo.InvariantCulture);
        return problem.Path.Length == 0 ? $"layer {layer}: {problem.Message}" : $"{problem.Path} in layer {layer}: {problem.Message}";
    }

    private static IEnumerable<string> LicensesOf(IEnumerable<Component> components) =>
        components.Select(c => c.License).Distinct(StringComparer.Ordinal).SelectMany(LicenseExpression.Identifiers).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    private static string? DistributionOf(IReadOnlyList<ImageInventory> images) =>
        string.Join(", ", images.Select(i => i.Distribution).OfType<Distribution>().Select(d => $"{d.Id} {d.Version}".Trim()).Distinct(StringComparer.Ordinal)) is { Length: > 0 } names ? names : null;

    private static IEnumerable<ReportedFinding> Worst(IEnumerable<Finding> findings) => findings
        .OrderByDescending(f => f.Vulnerability.Severity).ThenByDescending(f => f.Vulnerability.Score).ThenBy(f => f.Vulnerability.Id, StringComparer.Ordinal)
        .ThenBy(f => f.Component.Name, StringComparer.Ordinal).ThenBy(f => f.Component.Version, StringComparer.Ordinal)
        .DistinctBy(f => f.Vulnerability.Id, StringComparer.Ordinal)
        .Select(f => new ReportedFinding
        {
            Id = f.Vulnerability.Id,
            Severity = f.Vulnerability.Severity,
            Score = f.Vulnerability.Score,
            Component = $"{f.Component.Name} {f.Component.Version}".Trim(),
            FixedIn = f.FixedIn,
        });

    /// <summary>A database that changes nothing, and an image that was read before, change no date: what is written says something new.</summary>
    private static ImageScanStatus Dated(ImageScanStatus status, ImageScanStatus? before, ImageScanObservation seen, DateTimeOffset now)
    {
        var isRead = seen.Inventories.Count > 0;
        var isSame = SaysTheSame(status, before);
        return status with
        {
            Report = isRead ? before?.Report : null,
            ReportOutdated = isRead && before?.Report is not null && (before.ReportOutdated == true || !isSame) ? true : null,
            DatabaseDate = seen.Result is null ? null : before?.DatabaseDate is { } known && isSame ? known : seen.DatabaseDate,
            ScannedAt = !isRead ? null : before?.ScannedAt is { } at && before.ScannerVersion == status.ScannerVersion ? at : now,
        };
    }

    /// <summary>Whether nothing was found out that is not known already.</summary>
    public static bool SaysTheSame(ImageScanStatus now, ImageScanStatus? before) =>
        before is not null && now.State == before.State && now.Critical == before.Critical && now.Major == before.Major && now.Minor == before.Minor && now.Unknown == before.Unknown && now.Hidden == before.Hidden
        && (now.Findings ?? []).SequenceEqual(before.Findings ?? []);

    private static Outcome OutcomeOf(ImageScanStatus status, ImageScanObservation seen, DateTimeOffset now) => status.State switch
    {
        ImageScanState.Failed => new Outcome.Waiting(ImageScanReasons.ScanFailed, seen.Failure!, WhenFailed),
        ImageScanState.NotAnImage => new Outcome.Stalled(ImageScanReasons.NotAnImage, seen.NotAnImage!),
        ImageScanState.Pending when seen.Awaited.Count > 0 =>
            new Outcome.Waiting(ImageScanReasons.ImagesNotScanned, $"{Pluralize.Of(seen.Awaited.Count, "image")} of the index not scanned yet, such as {seen.Awaited[0]}", WhenAwaited),
        ImageScanState.Pending => NoDatabase,
        ImageScanState.Incomplete => new Outcome.Stalled(ImageScanReasons.Incomplete, status.Problems![0]) { CheckAgainIn = HasToReport(status) ? BeforeReport : Next(seen, now) },
        _ => new Outcome.Ready(Words(status), HasToReport(status) ? BeforeReport : Next(seen, now)),
    };

    /// <summary>Whether the result is still to be attached to the image: after it is known, so that nobody waits for that.</summary>
    public static bool HasToReport(ImageScanStatus status) => status is { Images: null, Evidence: not null, State: ImageScanState.Completed or ImageScanState.Incomplete } && (status.Report is null || status.ReportOutdated == true);

    /// <summary>The outcome where the registry did not take the result: it is attached later, and is in no hurry.</summary>
    public static Outcome NotAttached(Outcome outcome) => outcome switch
    {
        Outcome.Ready ready => ready with { CheckAgainIn = WhenRefused },
        Outcome.Stalled incomplete => incomplete with { CheckAgainIn = WhenRefused },
        _ => outcome,
    };

    private static TimeSpan Next(ImageScanObservation seen, DateTimeOffset now) =>
        seen.NextChange is { } next && next - now < LookAgain ? RecheckTime.Before(next > now ? next - now : TimeSpan.Zero) : LookAgain;

    private static string Words(ImageScanStatus status) =>
        string.Create(CultureInfo.InvariantCulture, $"{status.Critical} critical, {status.Major} major, {status.Minor} minor, {status.Unknown} unknown in {Pluralize.Of(status.Components ?? 0, "component")}");

    private static IEnumerable<ReportedEvent> Events(ImageScanStatus? before, ImageScanStatus now)
    {
        if (now.State == ImageScanState.Failed && before?.State != ImageScanState.Failed)
        {
            yield return new ReportedEvent(Warning: true, ImageScanReasons.ScanFailed, now.Problems![0]);
        }
        else if (now.State == ImageScanState.Completed && before is { State: ImageScanState.Completed } && !SaysTheSame(now, before))
        {
            yield return new ReportedEvent(Warning: now.Critical > before.Critical, ImageScanReasons.ResultChanged, $"{Words(now)}; before: {Words(before)}");
        }
    }

    private static List<T>? Some<T>(IEnumerable<T> all, int most) => all.Take(most).ToList() is { Count: > 0 } some ? some : null;
}
