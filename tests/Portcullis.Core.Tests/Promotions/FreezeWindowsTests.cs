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
        Assert.That(FreezeWindows.OpenAt([Weekend], Time(now)), Is.EqualTo(until is null ? null : new OpenWindow("weekend", Time(until))));

    [TestCase("2026-03-06T16:59:59Z", false)]
    [TestCase("2026-03-06T17:00:00Z", true)]
    [TestCase("2026-07-03T16:00:00Z", true, Description = "summer time")]
    public void The_schedule_is_in_its_time_zone(string now, bool isOpen) =>
        Assert.That(FreezeWindows.OpenAt([Weekend with { TimeZone = "Europe/Berlin" }], Time(now)), isOpen ? Is.Not.Null : Is.Null);

    [Test]
    public void Of_several_the_one_that_ends_last_is_named()
    {
        var short1 = Weekend with { Name = "a", Duration = "1h" };
        Assert.That(FreezeWindows.OpenAt([short1, Weekend], Time("2026-03-06T18:30:00Z"))!.Name, Is.EqualTo("weekend"));
        Assert.That(FreezeWindows.OpenAt([Weekend, short1], Time("2026-03-06T18:30:00Z"))!.Name, Is.EqualTo("weekend"));
        var same = FreezeWindows.OpenAt([Weekend with { Name = "z" }, Weekend with { Name = "a" }], Time("2026-03-06T18:30:00Z"));
        Assert.That(same!.Name, Is.EqualTo("a"));
        Assert.That(FreezeWindows.OpenAt(null, Time("2026-03-06T18:30:00Z")), Is.Null);
    }

    [Test]
    public void A_window_that_begins_anew_before_it_ends_is_open_until_the_last_one_ends()
    {
        var hourly = new FreezeWindow { Name = "h", Schedule = "0 * * * *", Duration = "90m" };
        Assert.That(FreezeWindows.OpenAt([hourly], Time("2026-03-06T18:20:00Z"))!.Until, Is.EqualTo(Time("2026-03-06T19:30:00Z")));
    }

    [Test]
    public void A_window_that_cannot_be_read_on_this_machine_might_be_open()
    {
        var open = FreezeWindows.OpenAt([Weekend with { TimeZone = "Mars/Olympus" }], Time("2026-03-04T12:00:00Z"));
        Assert.That(open, Is.EqualTo(new OpenWindow("weekend", null)));
        Assert.That(open!.Describe(), Is.EqualTo("the schedule of the freeze window weekend cannot be read on this machine"));
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
