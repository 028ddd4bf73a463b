using System.Text;
using Portcullis.Core.Versions;
using Portcullis.Core.Vulnerabilities.Advisories;
using Portcullis.Testing;

namespace Portcullis.Core.Tests.Vulnerabilities.Advisories;

[TestFixture]
internal sealed class VersionSetTests
{
    [Test]
    public void Intervals_that_overlap_or_touch_are_one_and_the_furthest_end_gives_the_fix()
    {
        var set = VersionSet.Of([Interval("2", "3", "3.0"), Interval("1", "2", "2.0"), Interval("2.5", "4", null), Interval("6", "7", "7.0")]);
        Assert.That(Text(set), Is.EqualTo("[1,4) [6,7)=7.0"));
    }

    [Test]
    public void An_end_of_one_interval_inside_another_is_no_fix() => Assert.That(Fix(VersionSet.Of([Interval(null, "1.2", "1.2"), Interval("1.1", "1.5", "1.5")]), "1.0"), Is.EqualTo("1.5"));

    [Test]
    public void The_fix_is_the_first_that_is_not_before_the_version()
    {
        var set = VersionSet.Of([Interval("1", "2", "2"), Interval("3", "4", "4"), Interval("5", null, null)]);
        Assert.That(Fix(set, "1.5"), Is.EqualTo("2"));
        Assert.That(Fix(set, "3.5"), Is.EqualTo("4"));
        Assert.That(Fix(set, "5.5"), Is.Null);
    }

    [Test]
    public void Without_a_version_only_a_fix_behind_all_of_it_counts()
    {
        Assert.That(Fix(VersionSet.Of([Interval("1", "2", "2"), Interval("3", "4", "4")]), null), Is.EqualTo("4"));
        Assert.That(Fix(VersionSet.Of([Interval("1", "2", "2"), Interval("3", null, null)]), null), Is.Null);
    }

    [Test]
    public void Two_ways_of_writing_one_end_give_the_same_fix_in_either_order()
    {
        var (one, other) = (Interval("1", "2", "2.0"), Interval("1", "2.0.0", "2"));
        Assert.That(VersionSet.Of([one, other]).Packed.SequenceEqual(VersionSet.Of([other, one]).Packed), Is.True);
        Assert.That(Fix(VersionSet.Of([other, one]), "1.5"), Is.EqualTo("2"));
        Assert.That(Fix(VersionSet.Of([Interval("1", "2", null), one]), "1.5"), Is.EqualTo("2.0"));
    }

    [Test]
    public void All_contains_any_version_and_none_contains_none()
    {
        Assert.That(VersionSet.All.Contains(Key("0.0.1")), Is.True);
        Assert.That(VersionSet.None.Contains(Key("0.0.1")), Is.False);
        Assert.That(VersionSet.All.Equals((object)VersionSet.None), Is.False);
        Assert.That(VersionSet.All.GetHashCode(), Is.Not.EqualTo(VersionSet.None.GetHashCode()));
        Assert.That(VersionSet.None.Or(VersionSet.All), Is.EqualTo(VersionSet.All));
    }

    [TestCaseSource(nameof(SeedsToRun))]
    public void A_version_is_in_a_set_exactly_when_it_is_in_one_of_its_intervals(int seed)
    {
        var random = new Random(seed);
        var intervals = Enumerable.Range(0, random.Next(6)).Select(_ => Random(random)).ToList();
        var set = VersionSet.Of(intervals);
        for (var version = 0; version <= 10; version++)
        {
            var key = Key($"{version}");
            Assert.That(set.Contains(key), Is.EqualTo(intervals.Exists(i => IsIn(i, key))), $"{version} in {Text(set)}");
            if (Fix(set, $"{version}") is { } fix && set.Contains(key))
            {
                Assert.That(set.Contains(Key(fix)), Is.False, $"the fix {fix} of {version} in {Text(set)}");
                Assert.That(Key(fix) > key, Is.True);
            }
        }
    }

    private static IEnumerable<int> SeedsToRun() => Seeds.OrAsked(1, 200);

    private static VersionInterval Random(Random random)
    {
        var (low, high) = (random.Next(-1, 10), random.Next(0, 11));
        var inclusive = random.Next(3) == 0;
        return new VersionInterval
        {
            Low = low < 0 ? null : Key($"{low}"),
            High = high == 10 ? null : Key($"{high}"),
            IncludesHigh = inclusive && high < 10,
            FixedIn = inclusive || high == 10 ? null : $"{high}",
        };
    }

    private static bool IsIn(VersionInterval interval, VersionKey key) =>
        (interval.Low is not { } low || key >= low) && (interval.High is not { } high || (interval.IncludesHigh ? key <= high : key < high));

    private static VersionInterval Interval(string? low, string? high, string? fix) =>
        new() { Low = low is null ? null : Key(low), High = high is null ? null : Key(high), FixedIn = fix };

    internal static VersionKey Key(string version) =>
        VersionOrders.SemVer.TryKey(version, out var key) ? key : throw new ArgumentException(version);

    private static string? Fix(VersionSet set, string? version) =>
        VersionSet.FixAfter(set.Packed, version is null ? default : Key(version).Bytes, out _, out var text) ? Encoding.UTF8.GetString(text) : null;

    private static string Text(VersionSet set) => string.Join(' ', set.Intervals().Select(i => $"[{Name(i.Low)},{Name(i.High)}{(i.IncludesHigh ? ']' : ')')}{(i.FixedIn is { } fix ? "=" + fix : "")}"));

    private static string Name(VersionKey? key) =>
        key is { } known ? Enumerable.Range(0, 100).Select(n => $"{n / 10}.{n % 10}").Where(v => Key(v) == known).Select(v => v.EndsWith(".0", StringComparison.Ordinal) ? v[..^2] : v).First() : "";
}
