using Portcullis.Testing;

namespace Portcullis.Core.Tests.Access;

/// <summary>
/// Examples a reader can check by hand: <c>Fixtures/Access/SENTENCE/given.yaml</c> and what is planned, <c>plan.txt</c>.
/// UPDATE_FIXTURES=1 writes the plans anew.
/// </summary>
internal sealed class AccessFixtureTests
{
    private static string Folder => Path.Combine(RepositoryFolder.Path, "tests", "Portcullis.Core.Tests", "Fixtures", "Access");

    private static IEnumerable<string> Cases => Directory.EnumerateDirectories(Folder).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Cases))]
    public void Plans_as_written(string sentence)
    {
        var given = File.ReadAllText(Path.Combine(Folder, sentence, "given.yaml"));
        var planFile = Path.Combine(Folder, sentence, "plan.txt");
        var actual = string.Join('\n', AccessWorld.Read(given).PlanAll()) + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_FIXTURES") == "1")
        {
            File.WriteAllText(planFile, actual);
        }

        Assert.That(actual, Is.EqualTo(File.ReadAllText(planFile)));
    }

    [TestCaseSource(nameof(Cases))]
    public void Has_nothing_left_to_do_once_done(string sentence)
    {
        var world = AccessWorld.Read(File.ReadAllText(Path.Combine(Folder, sentence, "given.yaml")));

        // Namespaces that the first round makes are bound in the second.
        world.ApplyAll();
        world.ApplyAll();
        Assert.That(world.ApplyAll(), Is.Zero);
    }
}
