namespace Portcullis.Tests.Architecture;

/// <summary>The folders of a project have one direction, as the projects have.</summary>
[TestFixture]
internal sealed class FolderCycleTests
{
    /// <summary>Projects whose folders still use each other. The list only gets shorter: one that is clean must leave it.</summary>
    private static readonly string[] NotYet = [];

    [TestCaseSource(typeof(SourceProjects), nameof(SourceProjects.Names))]
    public void No_folder_of_a_project_leads_back_to_itself(string project)
    {
        var knots = FolderGraph.Of(project, SourceProjects.Load(project)).Knots();
        if (NotYet.Contains(project))
        {
            Assert.That(knots, Is.Not.Empty, $"{project} is clean: take it off the list");
            TestContext.Out.WriteLine(string.Join('\n', knots));
        }
        else
        {
            Assert.That(knots.Any(), Is.False, string.Join('\n', knots));
        }
    }

    [Test]
    public void A_way_round_through_three_folders_is_a_knot_and_one_that_only_leads_into_it_is_not()
    {
        var edges = new[] { ("A", "B"), ("B", "C"), ("C", "A"), ("D", "A"), ("C", "E") }.ToLookup(e => e.Item1, e => e.Item2);
        Assert.That(FolderGraph.Knots(edges).Single(), Is.EquivalentTo(new[] { "A", "B", "C" }));
    }
}
