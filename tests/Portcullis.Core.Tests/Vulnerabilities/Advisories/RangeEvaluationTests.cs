using Portcullis.Core.Versions;
using Portcullis.Core.Vulnerabilities.Advisories;
using Portcullis.Testing;

namespace Portcullis.Core.Tests.Vulnerabilities.Advisories;

[TestFixture]
internal sealed class RangeEvaluationTests
{
    [TestCase("introduced 0, fixed 2", "0 1", "2 3")]
    [TestCase("introduced 1, last_affected 2", "1 2", "0 3")]
    [TestCase("introduced 1, fixed 2, introduced 3, fixed 4", "1 3", "0 2 4")]
    [TestCase("introduced 3, fixed 4, fixed 2, introduced 1", "1 3", "0 2 4", Description = "events in another order")]
    [TestCase("introduced 1", "1 9", "0")]
    [TestCase("introduced 1, fixed 3, limit 2", "1", "0 2 3")]
    [TestCase("introduced 1, limit 2, limit 4", "1 2 3", "0 4 5", Description = "before any of the limits")]
    [TestCase("introduced 1, limit 2, limit *", "1 2 9", "0")]
    [TestCase("introduced 1, fixed 1", "", "0 1 2")]
    [TestCase("introduced 0, fixed 1, introduced 1, fixed 2", "0 1", "2")]
    [TestCase("introduced 3, fixed 5, introduced 1, fixed 3", "1 2 3 4", "0 5", Description = "one ends where another begins")]
    [TestCase("introduced 3, fixed 5, introduced 1, last_affected 3", "1 2 3 4", "0 5")]
    [TestCase("introduced 3, last_affected 3", "3", "2 3.1 4")]
    [TestCase("introduced 0, fixed 0", "", "0 1")]
    [TestCase("introduced 0, last_affected 0", "0", "0.1 1")]
    public void A_version_is_affected_as_the_schema_says(string events, string affected, string free)
    {
        var set = VersionSet.Of(RangeEvaluation.Intervals(Range(events), VersionOrders.SemVer)!);
        Assert.Multiple(() =>
        {
            Assert.That(Words(affected).Where(v => !set.Contains(VersionSetTests.Key(v))), Is.Empty, "affected");
            Assert.That(Words(free).Where(v => set.Contains(VersionSetTests.Key(v))), Is.Empty, "free");
        });
    }

    [TestCase("introduced not-a-version, fixed 2")]
    [TestCase("introduced 1, fixed ???")]
    [TestCase("introduced 1, limit ???")]
    [TestCase("fixed 2", Description = "nothing is introduced")]
    public void What_cannot_be_read_is_told_from_what_is_empty(string events) => Assert.That(RangeEvaluation.Intervals(Range(events), VersionOrders.SemVer), Is.Null);

    [TestCaseSource(nameof(SeedsToRun))]
    public void Any_events_are_evaluated_as_by_the_schemas_own_algorithm(int seed)
    {
        var random = new Random(seed);
        var events = Enumerable.Range(0, random.Next(1, 7)).Select(_ => new OsvEvent((OsvEventKind)random.Next(4), $"{random.Next(6)}")).Append(new OsvEvent(OsvEventKind.Introduced, $"{random.Next(6)}")).ToList();
        var set = VersionSet.Of(RangeEvaluation.Intervals(new OsvRange(events), VersionOrders.SemVer)!);
        foreach (var version in Enumerable.Range(0, 14).Select(n => $"{n / 2}.{n % 2}"))
        {
            Assert.That(set.Contains(VersionSetTests.Key(version)), Is.EqualTo(IsVulnerable(version, events)), $"{version} in {string.Join(", ", events)}");
        }
    }

    private static IEnumerable<int> SeedsToRun() => Seeds.OrAsked(1, 500);

    /// <summary>The functions BeforeLimits and IncludedInRanges of the schema, line by line.</summary>
    private static bool IsVulnerable(string version, List<OsvEvent> events)
    {
        var v = VersionSetTests.Key(version);
        var limits = events.Where(e => e.Kind == OsvEventKind.Limit).ToList();
        if (limits.Count > 0 && !limits.Exists(l => v < VersionSetTests.Key(l.Version)))
        {
            return false;
        }

        var vulnerable = false;
        foreach (var same in events.Where(e => e.Kind != OsvEventKind.Limit).GroupBy(e => IsFirst(e) ? "" : e.Version).OrderBy(g => g.Key.Length).ThenBy(g => g.Key, StringComparer.Ordinal))
        {
            // Where one range ends and another begins, the schema's order of the two is open: they touch.
            var touches = vulnerable && same.Any(e => e.Kind == OsvEventKind.Introduced);
            foreach (var e in touches ? [] : same.ToList())
            {
                var at = VersionSetTests.Key(e.Version);
                var isFirst = IsFirst(e);
                vulnerable = e.Kind switch
                {
                    OsvEventKind.Introduced when isFirst || v >= at => true,
                    OsvEventKind.Fixed when isFirst || v >= at => false,
                    OsvEventKind.LastAffected when v > at => false,
                    _ => vulnerable,
                };
            }
        }

        return vulnerable;
    }

    private static bool IsFirst(OsvEvent e) => e.Version == "0" && e.Kind != OsvEventKind.LastAffected;

    private static OsvRange Range(string events) => new([.. events.Split(", ").Select(e => e.Split(' ')).Select(e => new OsvEvent(Kind(e[0]), e[1]))]);

    private static OsvEventKind Kind(string name) => name switch
    {
        "introduced" => OsvEventKind.Introduced,
        "fixed" => OsvEventKind.Fixed,
        "last_affected" => OsvEventKind.LastAffected,
        _ => OsvEventKind.Limit,
    };

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
