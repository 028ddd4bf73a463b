using System.Text.RegularExpressions;
using Portcullis.Commands;
using Portcullis.Testing;

namespace Portcullis.Tests.Pages;

/// <summary>What a page shows as a manifest can be copied.</summary>
[TestFixture]
internal sealed partial class ManifestsTests
{
    public static IEnumerable<TestCaseData> Blocks() =>
        from page in Directory.EnumerateFiles(RepositoryFolder.Combine("docs"), "*.md").Order(StringComparer.Ordinal)
        from block in Block().Matches(File.ReadAllText(page)).Select((m, i) => (Number: i + 1, Yaml: m.Groups[1].Value))
        where block.Yaml.Contains("apiVersion:", StringComparison.Ordinal)

        // What kubectl builds and no source may hold: InstallTests applies it.
        where !block.Yaml.Split('\n')[0].EndsWith("kustomization.yaml", StringComparison.Ordinal)
        select new TestCaseData(block.Yaml) { TestName = $"Manifest {block.Number} of {Path.GetFileName(page)} is valid" };

    [TestCaseSource(nameof(Blocks))]
    public async Task Valid(string yaml)
    {
        var folder = Directory.CreateTempSubdirectory("pm-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "page.yaml"), yaml);
            using var output = new StringWriter();
            using var error = new StringWriter();
            await CommandLine.RunAsync(["validate", folder.FullName], output, error, [ValidateCommand.Create()]);
            var problems = (output.ToString() + error).Split('\n').Where(l => l.Contains("page.yaml:", StringComparison.Ordinal));
            Assert.That(problems.Where(p => !Left().IsMatch(p)), Is.Empty);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [GeneratedRegex("^```yaml\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    /// <summary>A page need not show what its objects refer to nor a whole certificate, and shows the root source, which no repository may hold.</summary>
    [GeneratedRegex("there is no|no Repository declares|this PEM block is damaged|start parameters")]
    private static partial Regex Left();
}
