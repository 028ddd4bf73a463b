using System.Reflection;
using System.Text.RegularExpressions;
using Portcullis.Core.Hardening;
using Portcullis.Testing;
using Portcullis.Tests.Architecture;

namespace Portcullis.Tests.Pages;

/// <summary>docs/troubleshooting.md explains every reason that the code gives, and no other.</summary>
[TestFixture]
internal sealed partial class TroubleshootingTests
{
    [Test]
    public void Every_reason_in_the_code_has_a_row_and_every_row_a_reason_in_the_code()
    {
        var code = Named().Concat(Written()).Concat(Enum.GetNames<HardeningState>().Except(["InForce", "Observed"])).ToHashSet(StringComparer.Ordinal);
        var page = Rows().ToHashSet(StringComparer.Ordinal);
        Assert.That(page, Has.Count.GreaterThan(100));
        Assert.That(code.Except(page).Order(StringComparer.Ordinal), Is.Empty, "without a row in docs/troubleshooting.md");
        Assert.That(page.Except(code).Order(StringComparer.Ordinal), Is.Empty, "rows of reasons that nothing gives");
    }

    /// <summary>The constants of every type that names reasons.</summary>
    private static IEnumerable<string> Named() =>
        from project in SourceProjects.Names
        from type in SourceProjects.Types(project)
        from field in type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.DeclaredOnly)
        where field is { IsLiteral: true } && field.FieldType == typeof(string)
        where type.Name.EndsWith("Reasons", StringComparison.Ordinal) || field.Name.EndsWith("Reason", StringComparison.Ordinal)
        select (string)field.GetRawConstantValue()!;

    /// <summary>Those that stand where an outcome or Event is made.</summary>
    private static IEnumerable<string> Written() =>
        from file in Directory.EnumerateFiles(RepositoryFolder.Combine("src"), "*.cs", SearchOption.AllDirectories)
        from match in Literal().Matches(File.ReadAllText(file))
        select match.Groups["reason"].Value;

    private static IEnumerable<string> Rows() =>
        from line in File.ReadLines(RepositoryFolder.Combine("docs", "troubleshooting.md"))
        where line.StartsWith("| `", StringComparison.Ordinal)
        from reason in Quoted().Matches(line.Split('|')[1])
        select reason.Groups[1].Value;

    [GeneratedRegex(@"(?:new Outcome\.\w+|new ReportedEvent|new Problem)\((?:\s*(?:Warning:\s*)?(?:true|false),\s*)?""(?<reason>[A-Z]\w+)""")]
    private static partial Regex Literal();

    [GeneratedRegex("`(\\w+)`")]
    private static partial Regex Quoted();
}
