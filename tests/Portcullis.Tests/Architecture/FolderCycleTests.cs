namespace Portcullis.Tests.Architecture;

/// <summary>The folders of a project have one direction, as the projects have.</summary>
[TestFixture]
internal sealed class FolderCycleTests
{
    [TestCaseSource(typeof(SourceProjects), nameof(SourceProjects.Names))]
    public void No_folder_of_a_project_leads_back_to_itself(string project)
    {
        var knots = FolderGraph.Of(project, SourceProjects.Load(project)).Knots().ToList();
        Assert.That(knots, Is.Empty, string.Join('\n', knots));
    }

    [Test]
    public void A_way_round_through_three_folders_is_a_knot_and_one_that_only_leads_into_it_is_not()
    {
        var edges = new[] { ("A", "B"), ("B", "C"), ("C", "A"), ("D", "A"), ("C", "E") }.ToLookup(e => e.Item1, e => e.Item2);
        Assert.That(FolderGraph.Knots(edges).Single(), Is.EquivalentTo(new[] { "A", "B", "C" }));
    }
}
