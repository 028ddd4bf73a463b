namespace Portcullis.Core.Tests.Access;

/// <summary>
/// Examples a reader can check by hand: <c>Fixtures/Access/SENTENCE/given.yaml</c> and what is planned, <c>plan.txt</c>.
/// UPDATE_FIXTURES=1 writes the plans anew.
/// </summary>
internal sealed class AccessFixtureTests
{
    private static readonly FixtureFolder Examples = new("Access");

    private static IEnumerable<string> Cases => Examples.Sentences;

    [TestCaseSource(nameof(Cases))]
    public void Plans_as_written(string sentence) =>
        Examples.AssertIs(string.Join('\n', AccessWorld.Read(Examples.Read(sentence, "given.yaml")).PlanAll()) + "\n", sentence, "plan.txt");

    [TestCaseSource(nameof(Cases))]
    public void Has_nothing_left_to_do_once_done(string sentence)
    {
        var world = AccessWorld.Read(Examples.Read(sentence, "given.yaml"));

        // Namespaces that the first round makes are bound in the second.
        world.ApplyAll();
        world.ApplyAll();
        Assert.That(world.ApplyAll(), Is.Zero);
    }
}
