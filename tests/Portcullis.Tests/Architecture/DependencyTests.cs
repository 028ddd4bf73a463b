using System.Reflection;

namespace Portcullis.Tests.Architecture;

/// <summary>The one direction of docs/architecture.md: what each project may know.</summary>
[TestFixture]
internal sealed class DependencyTests
{
    private const int MostParameters = 6;

    [TestCase("Portcullis.Objects", "")]
    [TestCase("Portcullis.Schemas", "Portcullis.Objects")]
    [TestCase("Portcullis.Core", "Portcullis.Objects Portcullis.Schemas")]
    [TestCase("Portcullis.Http", "")]
    [TestCase("Portcullis.Kubernetes", "Portcullis.Objects Portcullis.Http")]
    [TestCase("Portcullis.ApiServer", "Portcullis.Objects Portcullis.Schemas Portcullis.Http")]
    [TestCase("Portcullis.Clients", "Portcullis.Http")]
    [TestCase("Portcullis.Scanning", "Portcullis.Objects Portcullis.Schemas Portcullis.Core")]
    public void A_project_knows_only_those_below_it(string project, string below)
    {
        var known = References(project).Where(r => r.StartsWith("Portcullis", StringComparison.Ordinal));
        Assert.That(known, Is.SubsetOf(below.Split(' ')));
    }

    [Test]
    public void No_constructor_takes_more_than_six_parameters() =>
        Assert.That(
            SourceProjects.Names.SelectMany(SourceProjects.Types)
                .Where(t => !IsRecord(t))
                .SelectMany(t => t.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
                .Where(c => c.GetParameters().Length > MostParameters)
                .Select(c => $"{c.DeclaringType}: {c.GetParameters().Length}"),
            Is.Empty);

    private static bool IsRecord(Type type) =>
        type.GetMethod("<Clone>$") is not null
        || type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic) is not null;

    private static IEnumerable<string> References(string project) => SourceProjects.Load(project).GetReferencedAssemblies().Select(r => r.Name ?? "");
}
