namespace Portcullis.Tests.Architecture;

/// <summary>A name means one thing in the whole program: who reads it in one project knows it in every other.</summary>
[TestFixture]
internal sealed class TypeNameTests
{
    [Test]
    public void No_type_has_a_name_that_another_project_gives_to_another_type()
    {
        var clashes = SourceProjects.Names
            .SelectMany(p => SourceProjects.Types(p).Where(HasNameOfItsOwn).Select(t => (Project: p, Type: t)))
            .GroupBy(t => t.Type.Name.Split('`')[0], StringComparer.Ordinal)
            .Where(g => g.Select(t => t.Project).Distinct(StringComparer.Ordinal).Skip(1).Any())
            .Select(g => string.Join(", ", g.Select(t => t.Type.FullName)));
        Assert.That(clashes, Is.Empty, "Give all but one of them another name");
    }

    /// <summary>A private type is its owner's business, and a case of a closed union is always written behind the union's name.</summary>
    private static bool HasNameOfItsOwn(Type type) => !type.IsNested || (!type.IsNestedPrivate && type.BaseType != type.DeclaringType);
}
