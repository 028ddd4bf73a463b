namespace Portcullis.Core.Tests.Revisions;

/// <summary>
/// Whole revisions and everything that is wrong with them: <c>Fixtures/Revisions/SENTENCE/</c> holds the files of the revision, what is in
/// force besides it (<c>in-force.yaml</c>), whose it is (<c>source.yaml</c>; without one it is the root source's) and <c>problems.txt</c>.
/// UPDATE_FIXTURES=1 writes the problems anew.
/// </summary>
internal sealed class RevisionFixtureTests
{
    private static readonly FixtureFolder Examples = new("Revisions");

    private static IEnumerable<string> Cases => Examples.Sentences;

    [TestCaseSource(nameof(Cases))]
    public void Has_these_problems(string sentence)
    {
        var actual = string.Concat(WholeRevision.Read(Examples.Of(sentence)).Problems().Select(p => p + "\n")) is { Length: > 0 } lines ? lines : "none\n";
        Examples.AssertIs(actual, sentence, "problems.txt");
    }

    [TestCaseSource(nameof(Cases))]
    public void Has_the_same_problems_in_whatever_order_its_files_are_read(string sentence)
    {
        var revision = WholeRevision.Read(Examples.Of(sentence));
        Assert.That(revision.Reversed().Problems(), Is.EquivalentTo(revision.Problems()));
    }
}
