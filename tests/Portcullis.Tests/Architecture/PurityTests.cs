using System.Collections;
using Portcullis.Testing;

namespace Portcullis.Tests.Architecture;

/// <summary>
/// What data and decisions may not touch, as <c>BannedSymbols.Pure.txt</c> lists it. The analyzer says it at the line, but not in a quick build,
/// and nobody would notice if a project lost the list; so the compiled code is looked at too.
/// </summary>
[TestFixture]
internal sealed class PurityTests
{
    [TestCase("Portcullis.Objects")]
    [TestCase("Portcullis.Schemas")]
    [TestCase("Portcullis.Core")]
    public void The_pure_projects_touch_no_file_no_process_no_network_and_no_machine(string project)
    {
        var banned = File.ReadLines(RepositoryFolder.Combine("BannedSymbols.Pure.txt")).Select(l => l.Split(';')[0]).ToHashSet(StringComparer.Ordinal);
        var uses = SourceProjects.Load(project).GetTypes()
            .SelectMany(t => TypeUses.Of(t)
                .Where(u => !(u == typeof(Environment) && typeof(IEnumerator).IsAssignableFrom(t))) // the compiler's own use, in every iterator
                .Where(u => banned.Contains($"T:{u.FullName}") || banned.Contains($"N:{u.Namespace}"))
                .Select(u => $"{t.FullName} uses {u.FullName}"));
        Assert.That(uses, Is.Empty);
    }

    [TestCase("Portcullis.Objects")]
    [TestCase("Portcullis.Schemas")]
    [TestCase("Portcullis.Core")]
    public void The_pure_projects_know_no_log_no_host_and_no_database(string project)
    {
        string[] impure = ["Microsoft.Extensions", "Microsoft.AspNetCore", "Microsoft.Data", "System.Net.Http", "System.Diagnostics.Process"];
        var known = SourceProjects.Load(project).GetReferencedAssemblies().Select(r => r.Name ?? "")
            .Where(r => impure.Any(i => r.StartsWith(i, StringComparison.Ordinal)));
        Assert.That(known, Is.Empty);
    }
}
