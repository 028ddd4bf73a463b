using Portcullis.Core.Components;
using Portcullis.Core.Criteria;
using Portcullis.Core.Repositories;
using Portcullis.Core.Scans;
using Portcullis.Core.Vulnerabilities;
using Portcullis.Objects;

namespace Portcullis.Core.Tests.Scans;

[TestFixture]
internal sealed class ScanEvidencesTests
{
    [TestCase(ImageScanState.Completed, ScanState.Completed)]
    [TestCase(ImageScanState.Incomplete, ScanState.Incomplete)]
    [TestCase(ImageScanState.Failed, ScanState.Failed)]
    [TestCase(ImageScanState.NotAnImage, ScanState.Failed)]
    [TestCase(ImageScanState.Pending, ScanState.Pending)]
    [TestCase(null, ScanState.Pending)]
    public void Only_a_complete_scan_is_complete(ImageScanState? state, ScanState evidence) =>
        Assert.That(Of(new ImageScanStatus { State = state })!.State, Is.EqualTo(evidence));

    [Test]
    public void What_the_scan_says_is_what_criteria_are_told()
    {
        var fixable = new FindingSummary { Critical = 1 };
        var date = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        var evidence = Of(new ImageScanStatus
        {
            State = ImageScanState.Completed, Critical = 1, Major = 2, Minor = 3, Unknown = 4, Unscored = 5, HighestScore = 9.8m, Fixable = fixable, DatabaseDate = date, Problems = ["x"],
        })!;
        Assert.That((evidence.Critical, evidence.Major, evidence.Minor, evidence.Unknown, evidence.Unscored, evidence.HighestScore), Is.EqualTo((1, 2, 3, 4, 5, (decimal?)9.8m)));
        Assert.That((evidence.Fixable, evidence.DatabaseDate, evidence.Details, evidence.Components), Is.EqualTo((fixable, (DateTimeOffset?)date, "", (IReadOnlyList<ImageComponent>?)null)));
    }

    [Test]
    public void What_the_scan_does_not_say_is_none_and_why_it_is_not_complete_is_said()
    {
        var evidence = Of(new ImageScanStatus { State = ImageScanState.Incomplete, Problems = ["one", "two"] })!;
        Assert.That((evidence.Critical, evidence.Major, evidence.Minor, evidence.Unknown, evidence.Unscored, evidence.HighestScore), Is.EqualTo((0, 0, 0, 0, 0, (decimal?)null)));
        Assert.That((evidence.Fixable, evidence.Details), Is.EqualTo((FindingSummary.None, "one; two")));
        Assert.That((Of(new ImageScanStatus { State = ImageScanState.Failed })!.Details, Of(null)!.State, ScanEvidences.Of(null, [])), Is.EqualTo(("", ScanState.Pending, (ScanEvidence?)null)));
    }

    [Test]
    public void Components_have_the_identifiers_of_their_licences()
    {
        Component[] components = [new() { Format = PackageFormat.Npm, Name = "a", Version = "1", License = "MIT OR (ISC AND MIT)" }, new() { Format = PackageFormat.Npm, Name = "b", Version = "1" }];
        var evidence = ScanEvidences.Of(Scan(new ImageScanStatus()), components)!;
        Assert.That(evidence.Components!.Select(c => $"{c.Name}: {string.Join(' ', c.Licenses)}"), Is.EqualTo(new[] { "a: MIT ISC", "b: " }));
    }

    [Test]
    public void A_repository_is_summed_up_by_its_images_and_by_the_worst_of_them()
    {
        ImageScan[] scans =
        [
            Scan(null), Scan(new ImageScanStatus()), Scan(new ImageScanStatus { State = ImageScanState.Pending }), Scan(new ImageScanStatus { State = ImageScanState.Failed }),
            Scan(new ImageScanStatus { State = ImageScanState.Completed, Critical = 1, Unknown = 3, Major = 1 }), Scan(new ImageScanStatus { State = ImageScanState.Completed, Critical = 2, Unknown = 1, Major = 7 }),
            Scan(new ImageScanStatus { State = ImageScanState.Incomplete, Critical = 0, Unknown = 0, Major = 0 }), Scan(new ImageScanStatus { State = ImageScanState.NotAnImage }),
        ];
        var sum = ScanSummary.Of(scans)!;
        Assert.That((sum.Completed, sum.Pending, sum.Incomplete, sum.Failed, sum.MostCritical, sum.MostMajor), Is.EqualTo((2, 3, 1, 1, (int?)4, (int?)7)));
        Assert.That((ScanSummary.Of([]), ScanSummary.Of([Scan(null)])!.Pending), Is.EqualTo(((RepositoryScans?)null, 1)));
    }

    [Test]
    public void A_scan_has_a_name_by_its_image()
    {
        var (web, live) = (new RepositoryId("dtr", "shop/web"), new RepositoryId("dtr", "shop/live"));
        Assert.That(ImageScanNames.Key(web, "sha256:a").Name, Has.Length.EqualTo(32).And.Not.EqualTo(ImageScanNames.Key(live, "sha256:a").Name).And.Not.EqualTo(ImageScanNames.Key(web, "sha256:b").Name));
        Assert.That(ImageScanNames.Key(web, "sha256:a").Name, Is.EqualTo("6e8f905606e1ba3463f48a23db12003c"));
        Assert.That(ImageScanNames.RepositoryOf(Scan(null)), Is.EqualTo(web));
    }

    private static ScanEvidence? Of(ImageScanStatus? status) => ScanEvidences.Of(Scan(status), null);

    private static ImageScan Scan(ImageScanStatus? status) =>
        new() { Metadata = new ObjectMeta { Name = "x" }, Spec = new ImageScanSpec { Registry = "dtr", Repository = "shop/web", Digest = "sha256:x" }, Status = status };
}
