using System.Reflection;
using System.Runtime.CompilerServices;

namespace Portcullis.Tests.Architecture;

/// <summary>The one direction of docs/architecture.md: what each project may know.</summary>
[TestFixture]
internal sealed class DependencyTests
{
    private const int MostParameters = 6;

    private static readonly Assembly[] Ours =
    [
        Assembly.Load("Portcullis.Objects"),
        Assembly.Load("Portcullis.Schemas"),
        Assembly.Load("Portcullis.Core"),
        Assembly.Load("Portcullis.Http"),
        Assembly.Load("Portcullis.Kubernetes"),
        Assembly.Load("Portcullis.ApiServer"),
        Assembly.Load("Portcullis.Clients"),
        Assembly.Load("portcullis"),
    ];

    [TestCase("Portcullis.Objects")]
    [TestCase("Portcullis.Schemas")]
    [TestCase("Portcullis.Core")]
    public void The_pure_projects_know_no_network_no_log_no_host_and_no_process(string project)
    {
        string[] impure =
        [
            "System.Net", "Microsoft.Extensions", "Microsoft.AspNetCore", "Microsoft.Data", "System.Diagnostics.Process", "System.IO.FileSystem",
        ];
        var known = References(project).Where(r => impure.Any(i => r.StartsWith(i, StringComparison.Ordinal)) && r != "System.Net.Primitives");
        Assert.That(known, Is.Empty);
    }

    [TestCase("Portcullis.Objects", "")]
    [TestCase("Portcullis.Schemas", "Portcullis.Objects")]
    [TestCase("Portcullis.Core", "Portcullis.Objects Portcullis.Schemas")]
    [TestCase("Portcullis.Http", "")]
    [TestCase("Portcullis.Kubernetes", "Portcullis.Objects Portcullis.Http")]
    [TestCase("Portcullis.ApiServer", "Portcullis.Objects Portcullis.Schemas Portcullis.Http")]
    [TestCase("Portcullis.Clients", "Portcullis.Http")]
    public void A_project_knows_only_those_below_it(string project, string below)
    {
        var known = References(project).Where(r => r.StartsWith("Portcullis", StringComparison.Ordinal));
        Assert.That(known, Is.SubsetOf(below.Split(' ')));
    }

    [Test]
    public void No_constructor_takes_more_than_six_parameters() =>
        Assert.That(
            Ours.SelectMany(a => a.GetTypes())
                .Where(t => !IsRecord(t) && !t.IsDefined(typeof(CompilerGeneratedAttribute)))
                .SelectMany(t => t.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
                .Where(c => c.GetParameters().Length > MostParameters)
                .Select(c => $"{c.DeclaringType}: {c.GetParameters().Length}"),
            Is.Empty);

    private static bool IsRecord(Type type) =>
        type.GetMethod("<Clone>$") is not null
        || type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic) is not null;

    private static IEnumerable<string> References(string project) => Assembly.Load(project).GetReferencedAssemblies().Select(r => r.Name ?? "");
}
