using Portcullis.Core.Kinds;

namespace Portcullis.Core.Tests.Kinds;

internal sealed class SpellingTests
{
    [TestCase("colection", "collection", "collection")]
    [TestCase("COLLECTIONS", "collection", "collection")]
    [TestCase("collectioning", "collection", null)]
    [TestCase("collectionxy", "collection", "collection")]
    [TestCase("namespaces", "namespaced names namespace", "namespace", Description = "of two as near the first by name")]
    [TestCase("abcd", "wxyz", null)]
    [TestCase("ab", "ac", null, Description = "half of it is another word")]
    public void The_nearest_name_is_at_most_two_letters_away(string wrong, string names, string? near) =>
        Assert.That(Spelling.Nearest(wrong, names.Split(' ')), Is.EqualTo(near));

    /// <summary>Whoever may commit may commit many wrong ones.</summary>
    [TestCase(5000, "n4999")]
    [TestCase(5001, null)]
    public void Among_too_many_names_none_is_looked_for(int count, string? near) =>
        Assert.That(Spelling.Nearest("n4999", [.. Enumerable.Range(0, count).Select(i => $"n{i}")]), Is.EqualTo(near));
}
