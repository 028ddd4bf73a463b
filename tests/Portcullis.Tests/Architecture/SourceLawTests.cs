using System.Text.RegularExpressions;
using Portcullis.Testing;

namespace Portcullis.Tests.Architecture;

/// <summary>The sizes and habits that CONTRIBUTING.md asks for, held by tests so that they can only get better.</summary>
[TestFixture]
internal sealed partial class SourceLawTests
{
    private const int LongestFile = 350;
    private const int LongestTestFile = 400;
    private const int LongestMethod = 50;
    private const int LongestProgram = 60;

    /// <summary>CEL is frozen, and its checker is one table of rules.</summary>
    private static readonly string[] Frozen = [Path.Combine("src", "Portcullis.Schemas", "Cel", "CelChecker.cs")];

    [TestCase("src", LongestFile)]
    [TestCase("tests", LongestTestFile)]
    public void No_file_is_longer_than_the_limit(string root, int limit) =>
        Assert.That(
            Sources(root).Where(f => File.ReadAllLines(f).Length > limit).Select(Name).Except(Frozen),
            Is.Empty,
            "Split the file by what it is about");

    [Test]
    public void Program_cs_is_at_most_60_lines() =>
        Assert.That(File.ReadAllLines(RepositoryFolder.Combine("src", "Portcullis", "Program.cs")), Has.Length.AtMost(LongestProgram));

    [Test]
    public void No_method_is_longer_than_50_lines() =>
        Assert.That(Sources("src").SelectMany(LongMethods), Is.Empty, "Give a part of the method a name of its own");

    [Test]
    public void No_todo_stands_without_the_number_of_its_issue() =>
        Assert.That(
            Sources("src", "tests").SelectMany(f => File.ReadLines(f).Where(l => Unnumbered().IsMatch(l)).Select(l => $"{Name(f)}: {l.Trim()}")),
            Is.Empty);

    [Test]
    public void No_type_has_a_name_that_says_nothing() =>
        Assert.That(Sources("src").Where(f => Vague().IsMatch(Path.GetFileNameWithoutExtension(f))).Select(Name), Is.Empty);

    private static IEnumerable<string> LongMethods(string file)
    {
        var lines = File.ReadAllLines(file);
        for (var i = 1; i < lines.Length; i++)
        {
            var indent = lines[i].Length - lines[i].TrimStart().Length;
            if (lines[i].Trim() != "{" || !OpensMethod().IsMatch(lines[i - 1]) || indent > 8 || DeclaresType(lines, i, indent))
            {
                continue;
            }

            var end = Array.FindIndex(lines, i, l => l.StartsWith(new string(' ', indent) + "}", StringComparison.Ordinal));
            if (end - i - 1 > LongestMethod)
            {
                yield return $"{Name(file)}:{i}: {end - i - 1} lines";
            }
        }
    }

    /// <summary>A primary constructor's parameters end like a method's; the declaration's first line tells.</summary>
    private static bool DeclaresType(string[] lines, int open, int indent)
    {
        var first = Array.FindLastIndex(lines, open - 1, l => l.Length > indent && l[indent] != ' ' && l.Length - l.TrimStart().Length == indent);
        return first >= 0 && Type().IsMatch(lines[first]);
    }

    private static IEnumerable<string> Sources(params string[] roots) =>
        roots.SelectMany(r => Directory.EnumerateFiles(RepositoryFolder.Combine(r), "*.cs", SearchOption.AllDirectories))
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    private static string Name(string file) => Path.GetRelativePath(RepositoryFolder.Path, file);

    [GeneratedRegex(@"(\)|^\s+where .*|^\s+(get|set|init))\s*$")]
    private static partial Regex OpensMethod();

    [GeneratedRegex(@"\b(class|record|struct|interface)\b")]
    private static partial Regex Type();

    // Split, so that this line is no finding itself.
    [GeneratedRegex("TO" + @"DO(?!\(#\d+\))")]
    private static partial Regex Unnumbered();

    [GeneratedRegex("(Manager|Helper|Helpers|Util|Utils|Utilities|Processor|Base)$")]
    private static partial Regex Vague();
}
