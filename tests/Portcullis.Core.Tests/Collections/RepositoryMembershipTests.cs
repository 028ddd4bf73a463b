using Portcullis.Core.Collections;
using Portcullis.Objects;

namespace Portcullis.Core.Tests.Collections;

/// <summary>Laws of patterns and of whose a repository is, tried on seeded random patterns.</summary>
internal sealed class RepositoryMembershipTests
{
    private static readonly string[] Names = [.. Texts(6).Where(t => !t.Contains('*', StringComparison.Ordinal))];

    [Test]
    public void Two_patterns_overlap_just_when_some_name_is_covered_by_both()
    {
        var patterns = Texts(3).ToList();
        foreach (var left in patterns)
        {
            foreach (var right in patterns)
            {
                Assert.That(
                    Glob.Overlap(left, right), Is.EqualTo(Names.Any(n => Glob.Covers(left, n) && Glob.Covers(right, n))), $"'{left}' and '{right}'");
            }
        }
    }

    [Test]
    public void Of_all_collections_whose_patterns_cover_a_name_the_one_with_the_innermost_has_it([Range(1, 200)] int seed)
    {
        var random = new Random(seed);
        var tree = CollectionTree.Build(Enumerable.Range(0, 6).Select(i => Collection(i, random)), [], []);
        var patterns = tree.Nodes.SelectMany(n => n.Repositories).ToList();
        foreach (var name in Names)
        {
            var covering = patterns.Where(p => Glob.Covers(p.Text, name)).ToList();
            var owner = tree.OfRepository(name);
            Assert.That(owner is null, Is.EqualTo(covering.Count == 0), name);
            foreach (var other in covering.Where(c => c.Collection != owner!.Collection))
            {
                Assert.That(Glob.Covers(other.Text, owner!.Text), Is.True, $"{name} is in {owner.Text}, and {other.Text} is not around that");
                Assert.That(Glob.Covers(owner.Text, other.Text), Is.False, $"{name} is in {owner.Text}, and {other.Text} is the same");
            }
        }
    }

    [Test]
    public void What_is_not_in_force_is_reported_and_the_oldest_collection_loses_nothing([Range(1, 200)] int seed)
    {
        var random = new Random(seed);
        var collections = Enumerable.Range(0, 6).Select(i => Collection(i, random)).ToList();
        var tree = CollectionTree.Build(collections, [], []);
        foreach (var node in tree.Nodes)
        {
            var taken = node.Problems.Count(p => p.Reason == CollectionReasons.RepositoryTaken);
            Assert.That(node.Repositories.Count + taken, Is.EqualTo(node.Collection.Spec.Repositories!.Count));
        }

        Assert.That(tree.ByName("c0")!.Problems, Is.Empty);
    }

    private static Collection Collection(int age, Random random) => new()
    {
        Metadata = new ObjectMeta { Name = $"c{age}", CreationTimestamp = DateTimeOffset.UnixEpoch.AddDays(age) },
        Spec = new CollectionSpec { Path = $"/c{age}", Repositories = [.. Enumerable.Range(0, random.Next(4)).Select(_ => Pattern(random))] },
    };

    private static string Pattern(Random random) => string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => "ab*"[random.Next(3)]));

    private static IEnumerable<string> Texts(int longest) =>
        longest == 0 ? [""] : Texts(longest - 1).SelectMany(t => t.Length == longest - 1 ? (string[])[t, t + "a", t + "b", t + "*"] : [t]);
}
