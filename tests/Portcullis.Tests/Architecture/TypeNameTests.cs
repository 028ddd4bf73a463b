namespace Portcullis.Tests.Architecture;

/// <summary>A name means one thing in the whole program: who reads it in one project knows it in every other.</summary>
[TestFixture]
internal sealed class TypeNameTests
{
    /// <summary>Names that still mean two things. The list only gets shorter: one that is unique must leave it.</summary>
    private static readonly string[] NotYet = [];

    [Test]
    public void No_type_has_a_name_that_another_project_gives_to_another_type()
    {
        var clashes = SourceProjects.Names
            .SelectMany(p => SourceProjects.Types(p).Where(t => !t.IsNested).Select(t => (Project: p, Type: t)))
            .GroupBy(t => t.Type.Name.Split('`')[0], StringComparer.Ordinal)
            .Where(g => g.Select(t => t.Project).Distinct(StringComparer.Ordinal).Skip(1).Any())
            .ToDictionary(g => g.Key, g => string.Join(", ", g.Select(t => t.Type.FullName)), StringComparer.Ordinal);
        Assert.That(clashes.Keys.Except(NotYet).Select(k => clashes[k]), Is.Empty, "Give all but one of them another name");
        Assert.That(NotYet.Except(clashes.Keys), Is.Empty, "These names are unique now: take them off the list");
    }
}
