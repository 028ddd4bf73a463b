using System.Globalization;
using Portcullis.Core.Promotions;

namespace Portcullis.Core.Tests.Promotions;

internal sealed class FreezeWindowsTests
{
    private static readonly FreezeWindow Weekend = new() { Name = "weekend", Schedule = "0 18 * * FRI", Duration = "62h" };

    [TestCase("2026-03-06T17:59:59Z", null)]
    [TestCase("2026-03-06T18:00:00Z", "2026-03-09T08:00:00Z")]
    [TestCase("2026-03-09T07:59:59Z", "2026-03-09T08:00:00Z")]
    [TestCase("2026-03-09T08:00:00Z", null)]
    public void A_window_is_open_from_its_schedule_until_its_duration_has_passed(string now, string? until) =>
        Assert.That(FreezeWindows.OpenAt([Weekend], Time(now))?.Until, Is.EqualTo(until is null ? (DateTimeOffset?)null : Time(until)));

    [TestCase("2026-03-06T16:59:59Z", false)]
    [TestCase("2026-03-06T17:00:00Z", true)]
    [TestCase("2026-07-03T16:00:00Z", true, Description = "summer time")]
    public void The_schedule_is_in_its_time_zone(string now, bool isOpen) =>
        Assert.That(FreezeWindows.OpenAt([Weekend with { TimeZone = "Europe/Berlin" }], Time(now)), isOpen ? Is.Not.Null : Is.Null);

    [Test]
    public void Of_several_the_one_that_ends_last_is_named()
    {
        var short1 = Weekend with { Name = "a", Duration = "1h" };
        Assert.That(FreezeWindows.OpenAt([short1, Weekend], Time("2026-03-06T18:30:00Z"))!.Names, Is.EqualTo(new[] { "weekend" }));
        Assert.That(FreezeWindows.OpenAt([Weekend, short1], Time("2026-03-06T18:30:00Z"))!.Names, Is.EqualTo(new[] { "weekend" }));
        var same = FreezeWindows.OpenAt([Weekend with { Name = "z" }, Weekend with { Name = "a" }], Time("2026-03-06T18:30:00Z"));
        Assert.That(same!.Names, Is.EqualTo(new[] { "a" }));
        Assert.That(FreezeWindows.OpenAt(null, Time("2026-03-06T18:30:00Z")), Is.Null);
    }

    [TestCase("2026-03-06T22:46:30Z")]
    [TestCase("2026-03-06T22:59:59Z")]
    public void A_window_that_begins_anew_before_it_ends_is_open_until_its_last_opening_ends(string now)
    {
        var late = new FreezeWindow { Name = "late", Schedule = "* 22 * * *", Duration = "2m" };
        Assert.That(FreezeWindows.OpenAt([late], Time(now))!.Describe(), Is.EqualTo("the freeze window late is open until 2026-03-06T23:01:00Z"));
    }

    [Test]
    public void Windows_that_overlap_or_follow_each_other_are_open_until_the_last_of_them_ends()
    {
        var evening = new FreezeWindow { Name = "evening", Schedule = "0 20 * * *", Duration = "2h" };
        var night = new FreezeWindow { Name = "night", Schedule = "0 22 * * *", Duration = "8h" };
        var early = new FreezeWindow { Name = "early", Schedule = "30 5 * * *", Duration = "1h" };
        Assert.That(
            FreezeWindows.OpenAt([night, early, evening], Time("2026-03-06T20:30:00Z"))!.Describe(),
            Is.EqualTo("the freeze windows evening, night, early are open until 2026-03-07T06:30:00Z"));
    }

    [Test]
    public void A_window_that_is_always_open_says_until_when_at_least()
    {
        var hourly = new FreezeWindow { Name = "h", Schedule = "0 * * * *", Duration = "90m" };
        Assert.That(FreezeWindows.OpenAt([hourly], Time("2026-03-06T18:20:00Z"))!.Describe(), Does.StartWith("the freeze window h is open until at least 2026-03-"));
    }

    [Test]
    public void A_window_that_cannot_be_read_on_this_machine_might_be_open()
    {
        var open = FreezeWindows.OpenAt([Weekend with { TimeZone = "Mars/Olympus" }], Time("2026-03-04T12:00:00Z"));
        Assert.That(open!.Until, Is.Null);
        Assert.That(open.Describe(), Is.EqualTo("the schedule of the freeze window weekend cannot be read on this machine"));
    }

    [TestCase("0 18 * * FRI", "62h", null, null)]
    [TestCase("* * * * *", "1m", "America/New_York", null)]
    [TestCase("0 18 * * FRIDAY", "62h", null, "w[0].schedule")]
    [TestCase("0 0 18 * * FRI", "62h", null, "w[0].schedule")]
    [TestCase("@every_minute", "62h", null, "w[0].schedule")]
    [TestCase("H 18 * * FRI", "62h", null, "w[0].schedule")]
    [TestCase("0 0 31 2 *", "62h", null, "w[0].schedule")]
    [TestCase("0 18 * * FRI", "0h", null, "w[0].duration")]
    [TestCase("0 18 * * FRI", "2d", null, "w[0].duration")]
    [TestCase("0 18 * * FRI", "62h", "Europe/Bonn", "w[0].timeZone")]
    public void Validation_names_the_field(string schedule, string duration, string? zone, string? field) => Assert.That(
        FreezeWindows.Check([new FreezeWindow { Name = "x", Schedule = schedule, Duration = duration, TimeZone = zone }], "w").Select(p => p.Field),
        Is.EqualTo(field is null ? [] : new[] { field }));

    [Test]
    public void Says_what_is_wrong_with_a_schedule() => Assert.That(
        FreezeWindows.Check([Weekend with { Schedule = "0 0 31 2 *", Duration = "x", TimeZone = "Nowhere" }], "w").Select(p => p.Message),
        Is.EqualTo(new[]
        {
            "\"0 0 31 2 *\" never occurs", "\"x\" is not a duration of more than nothing, such as 62h", "there is no time zone Nowhere: use a name of the IANA time zone database, such as Europe/Berlin",
        }));

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
