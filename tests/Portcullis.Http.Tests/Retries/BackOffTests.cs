using Portcullis.Http.Retries;

namespace Portcullis.Http.Tests.Retries;

/// <summary>The pauses after failures in a row.</summary>
internal sealed class BackOffTests
{
    private static readonly BackOff Pauses = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    [TestCase(-1, 0)]
    [TestCase(0, 0)]
    [TestCase(1, 1)]
    [TestCase(2, 2)]
    [TestCase(5, 16)]
    [TestCase(6, 30)]
    [TestCase(1_000, 30)]
    [TestCase(int.MaxValue, 30)]
    public void A_pause_doubles_with_each_failure_up_to_the_maximum(int failures, int seconds) =>
        Assert.That(Pauses.After(failures), Is.EqualTo(TimeSpan.FromSeconds(seconds)));

    [TestCase(0, 16_000)]
    [TestCase(0.5, 12_000)]
    [TestCase(0.999, 8_008)]
    public void Chance_shortens_a_pause_by_up_to_half(double random, int milliseconds) =>
        Assert.That(Pauses.After(5, () => random), Is.EqualTo(TimeSpan.FromMilliseconds(milliseconds)));

    [Test]
    public void A_minimum_beyond_the_maximum_gives_the_maximum() =>
        Assert.That(new BackOff(TimeSpan.FromDays(400), TimeSpan.FromSeconds(1)).After(1), Is.EqualTo(TimeSpan.FromSeconds(1)));

    [Test]
    public void An_interval_is_spread_by_a_twentieth_to_both_sides()
    {
        var interval = TimeSpan.FromSeconds(100);
        var spread = Enumerable.Range(0, 200).Select(_ => Jitter.Around(interval).TotalSeconds).ToList();
        Assert.That(spread, Has.All.InRange(95.0, 105.0));
        Assert.That(spread, Is.Not.All.InRange(99.0, 101.0));
    }
}
