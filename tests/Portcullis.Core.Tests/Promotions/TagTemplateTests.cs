using System.Globalization;
using Portcullis.Core.Promotions;

namespace Portcullis.Core.Tests.Promotions;

/// <summary>Values are those that Python's strftime gives for the same times.</summary>
internal sealed class TagTemplateTests
{
    private static readonly DateTimeOffset Afternoon = new DateTimeOffset(2026, 3, 1, 15, 4, 5, TimeSpan.Zero).AddTicks(1_234_567);

    [TestCase("%n", "66")]
    [TestCase("%A", "Sunday")]
    [TestCase("%a", "Sun")]
    [TestCase("%w", "0")]
    [TestCase("%d", "01")]
    [TestCase("%B", "March")]
    [TestCase("%b", "Mar")]
    [TestCase("%m", "03")]
    [TestCase("%Y", "2026")]
    [TestCase("%y", "26")]
    [TestCase("%H", "15")]
    [TestCase("%I", "03")]
    [TestCase("%p", "PM")]
    [TestCase("%M", "04")]
    [TestCase("%S", "05")]
    [TestCase("%f", "123456")]
    [TestCase("%Z", "UTC")]
    [TestCase("%j", "060")]
    [TestCase("%W", "08")]
    [TestCase("%%n", "%n")]
    [TestCase("v%n-%Y.%m", "v66-2026.03")]
    [TestCase("latest", "latest")]
    public void Each_variable_is_as_in_strftime(string template, string tag) => Assert.That(TagTemplate.Render(template, "66", Afternoon), Is.EqualTo(tag));

    [TestCase("2026-01-01", "00", "4")]
    [TestCase("2026-01-04", "00", "0")]
    [TestCase("2026-01-05", "01", "1")]
    [TestCase("2024-01-01", "01", "1")]
    [TestCase("2024-12-31", "53", "2")]
    [TestCase("2023-01-01", "00", "0")]
    [TestCase("2022-12-31", "52", "6")]
    [TestCase("2019-01-06", "00", "0")]
    [TestCase("2019-01-07", "01", "1")]
    public void Weeks_begin_on_Mondays_and_the_days_before_the_first_are_week_0(string date, string week, string weekday)
    {
        var at = DateTimeOffset.Parse(date + "T23:59:59Z", CultureInfo.InvariantCulture);
        Assert.That(TagTemplate.Render("%W %w", "", at), Is.EqualTo($"{week} {weekday}"));
    }

    [TestCase("00:00", "12AM")]
    [TestCase("11:59", "11AM")]
    [TestCase("12:00", "12PM")]
    [TestCase("23:00", "11PM")]
    public void Hours_of_twelve_have_no_zero(string time, string expected) =>
        Assert.That(TagTemplate.Render("%I%p", "", DateTimeOffset.Parse($"2026-03-01T{time}:00Z", CultureInfo.InvariantCulture)), Is.EqualTo(expected));

    [Test]
    public void The_time_is_in_UTC_and_in_English_wherever_it_runs()
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            var another = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            another.DateTimeFormat.DayNames = ["so", "mo", "di", "mi", "do", "fr", "sa"];
            another.DateTimeFormat.PMDesignator = "nachm";
            CultureInfo.CurrentCulture = another;
            Assert.That(TagTemplate.Render("%A-%Y-%B-%d-%H%p", "", new DateTimeOffset(2026, 3, 2, 1, 0, 0, TimeSpan.FromHours(5))), Is.EqualTo("Sunday-2026-March-01-20PM"));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [TestCase("latest", true, false)]
    [TestCase("a%%", true, false)]
    [TestCase("%n", false, false)]
    [TestCase("v%Z", false, false)]
    [TestCase("%n-%Y", false, true)]
    [TestCase("%f", false, true)]
    public void A_template_without_variables_is_fixed_and_some_have_the_time_in_them(string template, bool isFixed, bool hasTime)
    {
        Assert.That(TagTemplate.IsFixed(template), Is.EqualTo(isFixed));
        Assert.That(TagTemplate.HasTime(template), Is.EqualTo(hasTime));
    }

    [TestCase("%n")]
    [TestCase("latest")]
    [TestCase("_%A_%n.%f-x")]
    public void Legal_templates_have_no_problem(string template) => Assert.That(TagTemplate.ProblemOf(template), Is.Null);

    [TestCase("%q", "\"%q\": there is no variable %q; the variables are %n %A %a %w %d %B %b %m %Y %y %H %I %p %M %S %f %Z %j %W")]
    [TestCase("%q%r", "\"%q%r\": there is no variable %q; the variables are %n %A %a %w %d %B %b %m %Y %y %H %I %p %M %S %f %Z %j %W")]
    [TestCase("%n%", "\"%n%\" ends with a percent sign: it begins a variable, such as %n")]
    [TestCase("%%", "\"%%\" gives no legal tag, but for example \"%\": a tag has at most 128 letters, digits, underscores, dots and dashes, and begins with none of the last two")]
    [TestCase("-%n", "\"-%n\" gives no legal tag, but for example \"-0\": a tag has at most 128 letters, digits, underscores, dots and dashes, and begins with none of the last two")]
    [TestCase("a b", "\"a b\" gives no legal tag, but for example \"a b\": a tag has at most 128 letters, digits, underscores, dots and dashes, and begins with none of the last two")]
    [TestCase("sha256-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "\"sha256-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\" gives the tag of a list of what refers to an image: \"sha256-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"")]
    [TestCase("sha256-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.%n", "\"sha256-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.%n\" gives the tag of a list of what refers to an image: \"sha256-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.0\"")]
    public void Others_say_what_is_wrong(string template, string problem) => Assert.That(TagTemplate.ProblemOf(template), Is.EqualTo(problem));

    [Test]
    public void A_template_is_measured_by_the_shortest_tag_that_it_gives()
    {
        Assert.That(TagTemplate.ProblemOf(new string('a', 122) + "%A"), Is.Null);
        Assert.That(TagTemplate.ProblemOf(new string('a', 123) + "%A"), Is.Not.Null);
    }
}
