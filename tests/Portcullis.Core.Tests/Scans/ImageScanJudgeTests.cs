using Portcullis.Core.Components;
using Portcullis.Core.Criteria;
using Portcullis.Core.Scans;
using Portcullis.Objects;
using Portcullis.Core.Vulnerabilities;

namespace Portcullis.Core.Tests.Scans;

[TestFixture]
internal sealed class ImageScanJudgeTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly Component Zlib = new() { Format = PackageFormat.Deb, Name = "zlib1g", Version = "1.2.11", SourceName = "zlib" };
    private static readonly Component ZlibDev = Zlib with { Name = "zlib1g-dev" };
    private static readonly ImageInventory Image = new() { Layers = ["sha256:a"], Distribution = new Distribution("debian", "12"), Components = [new(Zlib, 0, []), new(ZlibDev, 0, [])] };

    [Test]
    public void A_vulnerability_that_two_packages_have_counts_once()
    {
        var status = Judge(Seen(new Known { Severity = Severity.Critical, Score = 9.8m })).Status;

        Assert.That((status.State, status.Critical, status.HighestScore, status.Unscored), Is.EqualTo((ImageScanState.Completed, 1, 9.8m, (int?)null)));
        Assert.That(status.Findings!.Single().Component, Is.EqualTo("zlib1g 1.2.11"));
    }

    [Test]
    public void What_cannot_be_fixed_is_not_among_the_fixable() => Assert.Multiple(() =>
    {
        Assert.That(Judge(Seen(new Known { Severity = Severity.Critical })).Status.Fixable, Is.Null);
        Assert.That(Judge(Seen(new Known { Severity = Severity.Critical, FixedIn = "1.3" })).Status.Fixable!.Critical, Is.EqualTo(1));
    });

    [Test]
    public void An_image_with_a_problem_is_incomplete_however_little_was_found()
    {
        var seen = Seen(new Known());
        var status = Judge(seen with { Inventories = [Image with { Problems = [new InventoryProblem(0, "var/lib/dpkg/status", "it is cut off")] }] }).Status;

        Assert.That(status.State, Is.EqualTo(ImageScanState.Incomplete));
        Assert.That(status.Problems, Is.EqualTo(new[] { "var/lib/dpkg/status in layer sha256:a: it is cut off" }));
        Assert.That(ScanEvidences.Of(Scan(status), null)!.State, Is.EqualTo(ScanState.Incomplete));
    }

    [Test]
    public void A_database_without_advisories_for_the_distribution_makes_it_incomplete() =>
        Assert.That(Judge(Seen(new Known { IsCovered = false })).Status.Problems, Is.EqualTo(new[] { "the vulnerability database has no advisories for Deb packages of debian 12" }));

    [Test]
    public void A_vulnerability_that_somebody_reports_and_nobody_can_read_makes_it_incomplete()
    {
        var status = Judge(Seen(new Known()) with { Unread = ["in the report of Trivy: x"] }).Status;
        Assert.That((status.State, status.Problems!.Single()), Is.EqualTo(((ImageScanState?)ImageScanState.Incomplete, "in the report of Trivy: x")));
    }

    [Test]
    public void Without_a_database_an_earlier_result_stays()
    {
        var before = Judge(Seen(new Known { Severity = Severity.Major, Score = 5 })).Status;

        var judged = Judge(new ImageScanObservation { ScannerVersion = "1", Inventories = [Image] }, before);

        Assert.That((judged.Status.State, judged.Status.Major), Is.EqualTo((ImageScanState.Completed, 1)));
        Assert.That(judged.Outcome, Is.InstanceOf<Outcome.Waiting>());
    }

    [Test]
    public void A_newer_database_that_changes_nothing_changes_no_status()
    {
        var before = Judge(Seen(new Known { Severity = Severity.Major, Score = 5 })).Status;

        var after = Judge(Seen(new Known { Severity = Severity.Major, Score = 5 }) with { DatabaseDate = Now.AddDays(9) }, before, Now.AddDays(10)).Status;

        Assert.That((after.DatabaseDate, after.ScannedAt, ImageScanJudge.SaysTheSame(after, before)), Is.EqualTo((before.DatabaseDate, before.ScannedAt, true)));
    }

    [Test]
    public void A_result_that_changed_is_an_Event_and_has_to_be_attached_again()
    {
        var before = Judge(Seen(new Known())).Status with { Report = "sha256:r", Evidence = "sha256:e" };

        var judged = Judge(Seen(new Known { Severity = Severity.Critical, Score = 9 }) with { Evidence = "sha256:e" }, before);

        Assert.That(judged.Events.Single(), Is.EqualTo(new ReportedEvent(
            Warning: true, "ResultChanged", "1 critical, 0 major, 0 minor, 0 unknown in 2 components; before: 0 critical, 0 major, 0 minor, 0 unknown in 2 components")));
        Assert.That((judged.Status.Report, judged.Status.ReportOutdated, ImageScanJudge.HasToReport(judged.Status)), Is.EqualTo(("sha256:r", true, true)));
    }

    [Test]
    public void What_is_hidden_is_not_counted_and_is_said_to_be_hidden()
    {
        var seen = Seen(new Known { Severity = Severity.Critical, Score = 9 });
        var result = ImageResult.Of([Image], new Known { Severity = Severity.Critical, Score = 9 }, f => [.. f.Select(x => x with { Hidden = "not reachable" })]);
        var status = Judge(seen with { Result = result }).Status;

        Assert.That((status.Critical, status.Hidden, status.Findings), Is.EqualTo((0, 1, (IReadOnlyList<ReportedFinding>?)null)));
    }

    [Test]
    public void An_image_that_cannot_be_read_failed_and_is_tried_again_with_an_Event_at_the_first_time()
    {
        var seen = new ImageScanObservation { ScannerVersion = "1", Failure = "no manifest" };
        var judged = Judge(seen);
        Assert.That((judged.Status.State, judged.Status.Problems!.Single(), judged.Status.Components, judged.Status.ScannedAt), Is.EqualTo((ImageScanState.Failed, "no manifest", (int?)null, (DateTimeOffset?)null)));
        Assert.That(judged.Outcome, Is.EqualTo(new Outcome.Waiting("ScanFailed", "no manifest", TimeSpan.FromMinutes(5))));
        Assert.That(judged.Events.Single(), Is.EqualTo(new ReportedEvent(Warning: true, "ScanFailed", "no manifest")));
        Assert.That(Judge(seen, judged.Status).Events, Is.Empty);
        Assert.That(Judge(seen with { Inventories = [Image] }).Status.Components, Is.Null);
    }

    [Test]
    public void What_is_no_image_is_said_to_be_none_and_is_left_alone()
    {
        var judged = Judge(new ImageScanObservation { ScannerVersion = "1", NotAnImage = "a chart", Inventories = [Image] });
        Assert.That((judged.Status.State, judged.Status.Problems!.Single(), judged.Status.Components), Is.EqualTo((ImageScanState.NotAnImage, "a chart", (int?)null)));
        Assert.That(judged.Outcome, Is.EqualTo(new Outcome.Stalled("NotAnImage", "a chart")));
    }

    [Test]
    public void Without_a_database_and_an_earlier_result_of_this_scanner_nothing_is_known()
    {
        var without = new ImageScanObservation { ScannerVersion = "1", Inventories = [Image] };
        var before = Judge(Seen(new Known { Severity = Severity.Major, Score = 5 })).Status;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((Judge(without).Status.State, Judge(without).Status.Components, Judge(without).Status.DatabaseDate), Is.EqualTo((ImageScanState.Pending, (int?)2, (DateTimeOffset?)null)));
            Assert.That(((Outcome.Waiting)Judge(without).Outcome).Reason, Is.EqualTo("NoVulnerabilityDatabase"));
            Assert.That(Judge(without with { ScannerVersion = "2" }, before).Status.State, Is.EqualTo(ImageScanState.Pending));
            Assert.That(Judge(new ImageScanObservation { ScannerVersion = "1" }, before).Status.State, Is.EqualTo(ImageScanState.Pending));
        }
    }

    [Test]
    public void Another_version_of_the_scanner_scans_anew_and_the_same_does_not()
    {
        var before = Judge(Seen(new Known())).Status;
        Assert.That(Judge(Seen(new Known()), before, Now.AddDays(1)).Status.ScannedAt, Is.EqualTo(Now));
        Assert.That(Judge(Seen(new Known()) with { ScannerVersion = "2" }, before, Now.AddDays(1)).Status.ScannedAt, Is.EqualTo(Now.AddDays(1)));
    }

    [Test]
    public void The_date_of_the_database_is_that_of_the_one_that_last_changed_the_result()
    {
        var before = Judge(Seen(new Known())).Status;
        var after = Judge(Seen(new Known { Severity = Severity.Major }) with { DatabaseDate = Now }, before).Status;
        Assert.That((before.DatabaseDate, after.DatabaseDate), Is.EqualTo(((DateTimeOffset?)Now.AddDays(-1), (DateTimeOffset?)Now)));
    }

    [Test]
    public void An_image_is_looked_at_again_when_time_changes_what_is_hidden_and_once_an_hour()
    {
        TimeSpan? Again(TimeSpan? change) => ((Outcome.Ready)Judge(Seen(new Known()) with { NextChange = change is { } after ? Now + after : null }).Outcome).CheckAgainIn;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((Again(null), Again(TimeSpan.FromHours(2)), Again(TimeSpan.FromHours(1))), Is.EqualTo(((TimeSpan?)TimeSpan.FromHours(1), (TimeSpan?)TimeSpan.FromHours(1), (TimeSpan?)TimeSpan.FromHours(1))));
            Assert.That((Again(TimeSpan.FromMinutes(30)), Again(TimeSpan.Zero), Again(-TimeSpan.FromMinutes(1))), Is.EqualTo(((TimeSpan?)TimeSpan.FromMinutes(27), (TimeSpan?)TimeSpan.Zero, (TimeSpan?)TimeSpan.Zero)));
        }
    }

    [Test]
    public void A_result_that_is_to_be_attached_is_attached_soon_also_one_that_is_incomplete()
    {
        var incomplete = Image with { Problems = [new InventoryProblem(0, "", "it is cut off")] };
        var attached = Judge(Seen(new Known()) with { Evidence = "sha256:e" }, Judge(Seen(new Known())).Status with { Report = "sha256:r" });
        using (Assert.EnterMultipleScope())
        {
            Assert.That(((Outcome.Ready)Judge(Seen(new Known()) with { Evidence = "sha256:e" }).Outcome).CheckAgainIn, Is.EqualTo(TimeSpan.FromSeconds(1)));
            Assert.That(((Outcome.Stalled)Judge(Seen(new Known()) with { Evidence = "sha256:e", Inventories = [incomplete] }).Outcome).CheckAgainIn, Is.EqualTo(TimeSpan.FromSeconds(1)));
            Assert.That(((Outcome.Stalled)Judge(Seen(new Known()) with { Inventories = [incomplete] }).Outcome).CheckAgainIn, Is.EqualTo(TimeSpan.FromHours(1)));
            Assert.That((((Outcome.Ready)attached.Outcome).CheckAgainIn, attached.Status.ReportOutdated, attached.Status.Report), Is.EqualTo(((TimeSpan?)TimeSpan.FromHours(1), (bool?)null, "sha256:r")));
            Assert.That(Judge(Seen(new Known()), attached.Status with { ReportOutdated = true }).Status.ReportOutdated, Is.True);
        }
    }

    /// <summary>That of an incomplete image was tried again every second, for ever.</summary>
    [Test]
    public void A_result_that_the_registry_does_not_take_is_attached_minutes_later_also_one_that_is_incomplete()
    {
        var (soon, later) = (TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        var waiting = new Outcome.Waiting("r", "m", soon);
        Assert.That(ImageScanJudge.NotAttached(new Outcome.Ready("m", soon)), Is.EqualTo(new Outcome.Ready("m", later)));
        Assert.That(ImageScanJudge.NotAttached(new Outcome.Stalled("r", "m") { CheckAgainIn = soon }), Is.EqualTo(new Outcome.Stalled("r", "m") { CheckAgainIn = later }));
        Assert.That(ImageScanJudge.NotAttached(waiting), Is.SameAs(waiting));
    }

    [Test]
    public void Only_the_result_of_an_image_with_evidence_is_attached()
    {
        var status = new ImageScanStatus { State = ImageScanState.Completed, Evidence = "sha256:e" };
        using (Assert.EnterMultipleScope())
        {
            Assert.That((ImageScanJudge.HasToReport(status), ImageScanJudge.HasToReport(status with { State = ImageScanState.Incomplete })), Is.EqualTo((true, true)));
            Assert.That((ImageScanJudge.HasToReport(status with { Images = ["a"] }), ImageScanJudge.HasToReport(status with { Evidence = null }), ImageScanJudge.HasToReport(status with { State = ImageScanState.Pending })), Is.EqualTo((false, false, false)));
            Assert.That((ImageScanJudge.HasToReport(status with { Report = "r" }), ImageScanJudge.HasToReport(status with { Report = "r", ReportOutdated = true })), Is.EqualTo((false, true)));
        }
    }

    [Test]
    public void An_index_is_incomplete_when_one_of_its_images_is_and_lists_licences_and_distributions_once()
    {
        var licensed = Image with { Components = [new(Zlib with { License = "Zlib AND MIT" }, 0, []), new(ZlibDev with { License = "MIT" }, 0, [])], Problems = [new InventoryProblem(7, "x", "bad"), new InventoryProblem(-1, "", "cut")] };
        var rolling = licensed with { Distribution = new Distribution("wolfi", ""), Problems = [] };
        var status = Judge(Seen(new Known()) with { Inventories = [Image, licensed, rolling, licensed], Images = ["a"] }).Status;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((status.State, status.Components), Is.EqualTo((ImageScanState.Incomplete, (int?)4)));
            Assert.That(status.Licenses, Is.EqualTo(new[] { "MIT", "Zlib" }));
            Assert.That(status.Distribution, Is.EqualTo("debian 12, wolfi"));
            Assert.That(status.Problems!.Take(2), Is.EqualTo(new[] { "x in layer 7: bad", "layer -1: cut" }));
        }
    }

    [Test]
    public void The_worst_findings_are_listed_the_gravest_first_and_no_more_than_twenty()
    {
        Finding One(int id, Severity severity, decimal? score, string version = "1") => new()
        {
            Vulnerability = new Vulnerability { Id = $"CVE-{id:00}", Severity = severity, Score = score }, Component = Zlib with { Version = version }, FixedIn = null,
        };
        var findings = Enumerable.Range(20, 20).Select(i => One(i, Severity.Minor, 1)).Append(One(3, Severity.Critical, 8, "")).Append(One(3, Severity.Critical, 8, "2")).Append(One(1, Severity.Major, 5)).Append(One(4, Severity.Critical, 9)).Append(One(2, Severity.Critical, 8)).ToList();
        var result = ImageResult.Of([], new Known(), f => f, findings);
        var status = Judge(Seen(new Known()) with { Result = result }).Status;
        Assert.That(status.Findings, Has.Count.EqualTo(20));
        Assert.That(status.Findings!.Take(5).Select(f => $"{f.Id} {f.Component}"), Is.EqualTo(new[] { "CVE-04 zlib1g 1", "CVE-02 zlib1g 1", "CVE-03 zlib1g", "CVE-01 zlib1g 1", "CVE-20 zlib1g 1" }));
    }

    [Test]
    public void Findings_of_others_are_added_each_once_and_hidden_as_ours()
    {
        var known = new Known { Severity = Severity.Critical, Score = 9 };
        var ours = ImageResult.Of([Image], known, f => f).Findings;
        var other = new Finding { Vulnerability = new Vulnerability { Id = "CVE-1-1", Severity = Severity.Minor }, Component = Zlib };
        var result = ImageResult.Of([Image], known, f => [.. f.Select(x => x.Component == ZlibDev ? x with { Hidden = "no" } : x)], [other, ours[0], other with { Component = ZlibDev }]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Findings.Select(f => (f.Vulnerability.Id, f.Component.Name)), Is.EqualTo(new[] { ("CVE-2022-37434", "zlib1g"), ("CVE-2022-37434", "zlib1g-dev"), ("CVE-1-1", "zlib1g"), ("CVE-1-1", "zlib1g-dev") }));
            Assert.That((result.All.Critical, result.All.Minor, result.Hidden.Select(f => f.Component.Name)), Is.EqualTo((1, 1, new[] { "zlib1g-dev", "zlib1g-dev" })));
            Assert.That(ImageResult.Of([Image, Image], new Known { IsCovered = false }, f => f).NotCovered.Count(), Is.EqualTo(1));
        }
    }

    [Test]
    public void A_result_that_is_no_worse_is_an_Event_without_a_warning()
    {
        var before = Judge(Seen(new Known { Severity = Severity.Critical, Score = 9 })).Status;
        var judged = Judge(Seen(new Known { Severity = Severity.Critical, Score = 8 }), before);
        Assert.That(judged.Events.Single().Warning, Is.False);
    }

    [Test]
    public void An_index_waits_for_its_images_and_says_so() => Assert.Multiple(() =>
    {
        var judged = Judge(Seen(new Known()) with { Images = ["sha256:x"], Awaited = ["sha256:x"] });
        Assert.That(judged.Status.State, Is.EqualTo(ImageScanState.Pending));
        Assert.That(((Outcome.Waiting)judged.Outcome).Message, Does.Contain("1 image of the index not scanned yet, such as sha256:x"));
    });

    private static Reconciled<ImageScanStatus> Judge(ImageScanObservation seen, ImageScanStatus? before = null, DateTimeOffset? now = null) => ImageScanJudge.Judge(Scan(before), seen, now ?? Now);

    private static ImageScan Scan(ImageScanStatus? status) => new() { Metadata = new ObjectMeta { Name = "x" }, Spec = new ImageScanSpec { Registry = "dtr", Repository = "shop/web", Digest = "sha256:x" }, Status = status };

    private static ImageScanObservation Seen(Known known) => new() { ScannerVersion = "1", Inventories = [Image], Result = ImageResult.Of([Image], known, f => f), DatabaseDate = Now.AddDays(-1) };

    /// <summary>A database that says one thing, or nothing, of every component.</summary>
    private sealed class Known : IAdvisoryIndex
    {
        public Severity? Severity { get; init; }

        public decimal? Score { get; init; }

        public string? FixedIn { get; init; }

        public bool IsCovered { get; init; } = true;

        public DateTimeOffset Date => Now;

        public IReadOnlyList<Finding> FindingsOf(Component component, Distribution? distribution) => Severity is not { } severity ? [] :
            [new Finding { Vulnerability = new Vulnerability { Id = "CVE-2022-37434", Severity = severity, Score = Score }, Component = component, FixedIn = FixedIn }];

        public bool Covers(PackageFormat format, Distribution? distribution) => IsCovered;
    }
}
