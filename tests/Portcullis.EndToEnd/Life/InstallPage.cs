using System.Diagnostics;
using System.Text.RegularExpressions;
using Portcullis.Testing;

namespace Portcullis.EndToEnd.Life;

/// <summary>What docs/install.md shows: the files by their names, and the commands between them.</summary>
internal sealed partial class InstallPage
{
    private readonly string _text = File.ReadAllText(RepositoryFolder.Combine("docs", "install.md"));

    /// <summary>Each file by its path below the folder that the commands run in.</summary>
    public IReadOnlyDictionary<string, string> Files =>
        FileBlock().Matches(_text).ToDictionary(m => m.Groups["path"].Value, m => m.Groups["content"].Value, StringComparer.Ordinal);

    /// <summary>What may be added to the page's kustomization.</summary>
    public string Addition => AdditionBlock().Match(_text).Groups["content"].Value;

    /// <summary>The commands that need nothing but an API server, block by block.</summary>
    public IReadOnlyList<string> Commands => [.. CommandBlock().Matches(_text).Select(m => m.Groups["commands"].Value)];

    /// <summary>Ended by the first command that fails.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync(string commands, string folder, string kubeconfig)
    {
        var start = new ProcessStartInfo("bash", ["-euc", commands])
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        start.Environment["KUBECONFIG"] = kubeconfig;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, (await output).Trim(), (await error).Trim());
    }

    [GeneratedRegex(@"^```yaml\n# (?<path>[a-z]+/[a-z.-]+)\n(?<content>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex FileBlock();

    [GeneratedRegex(@"^```yaml\n# in installation/kustomization.yaml\n(?<content>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex AdditionBlock();

    [GeneratedRegex(@"^```sh\n(?<commands>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CommandBlock();
}
