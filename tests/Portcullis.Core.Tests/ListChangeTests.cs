namespace Portcullis.Core.Tests;

internal sealed class ListChangeTests
{
    [TestCase("abc", "abc", "", "")]
    [TestCase("", "ab", "", "ab")]
    [TestCase("ab", "", "ab", "")]
    [TestCase("abc", "adc", "b", "d")]
    [TestCase("abc", "bc", "a", "")]
    [TestCase("abc", "ab", "c", "")]
    [TestCase("abc", "xabc", "", "x")]
    [TestCase("abc", "cba", "", "")]
    [TestCase("abcd", "xcdy", "ab", "xy")]
    public void What_is_gone_and_what_is_added_is_found_whatever_the_order(string before, string after, string gone, string added)
    {
        var change = ListChange.Between(Letters(before), Letters(after));
        Assert.That(string.Concat(change.Gone), Is.EqualTo(gone));
        Assert.That(string.Concat(change.Added), Is.EqualTo(added));
        Assert.That(change.IsEmpty, Is.EqualTo(gone.Length + added.Length == 0));
    }

    [Test]
    public void An_equal_object_that_is_another_one_counts_as_replaced()
    {
        var (old, made) = (new string('a', 3), new string('a', 3));
        var change = ListChange.Between([old], [made]);
        Assert.That(change.Gone.Single(), Is.SameAs(old));
        Assert.That(change.Added.Single(), Is.SameAs(made));
    }

    private static string[] Letters(string text) => [.. text.Select(c => string.Intern(c.ToString()))];
}
