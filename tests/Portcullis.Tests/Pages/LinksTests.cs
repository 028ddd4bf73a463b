using System.Text.RegularExpressions;
using Portcullis.Testing;

namespace Portcullis.Tests.Pages;

/// <summary>A reader gets from the README to every page, and no link leads nowhere.</summary>
[TestFixture]
internal sealed partial class LinksTests
{
    private static readonly string Root = RepositoryFolder.Combine();

    [Test]
    public void No_link_and_no_name_of_a_page_leads_nowhere()
    {
        var broken = from page in Pages()
                     from target in Targets(page)
                     where !File.Exists(target) && !Directory.Exists(target)
                     select $"{Path.GetRelativePath(Root, page)}: {Path.GetRelativePath(Root, target)}";
        Assert.That(broken, Is.Empty);
    }

    [Test]
    public void Every_page_is_reached_from_the_README()
    {
        var reached = new HashSet<string>(StringComparer.Ordinal) { Path.Combine(Root, "README.md") };
        var open = new Queue<string>(reached);
        while (open.TryDequeue(out var page))
        {
            foreach (var next in Targets(page).Where(t => File.Exists(t) && t.EndsWith(".md", StringComparison.Ordinal) && reached.Add(t)))
            {
                open.Enqueue(next);
            }
        }

        Assert.That(Pages().Where(p => !p.Contains("/adr/", StringComparison.Ordinal)).Except(reached).Select(p => Path.GetRelativePath(Root, p)), Is.Empty);
    }

    private static IEnumerable<string> Pages() => Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories)
        .Append(Path.Combine(Root, "README.md")).Append(Path.Combine(Root, "CONTRIBUTING.md"));

    /// <summary>Links of Markdown, from the page's own folder, and pages that are named in code, from the repository's.</summary>
    private static IEnumerable<string> Targets(string page)
    {
        var text = File.ReadAllText(page);
        var links = Link().Matches(text).Select(m => m.Groups[1].Value.Split('#')[0]).Where(l => l.Length > 0 && !l.Contains(':', StringComparison.Ordinal))
            .Select(l => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, l)));
        return links.Concat(Named().Matches(text).Select(m => Path.GetFullPath(Path.Combine(Root, m.Groups[1].Value))));
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`((?:docs/[-\w/]+|CONTRIBUTING)\.md)`")]
    private static partial Regex Named();
}
