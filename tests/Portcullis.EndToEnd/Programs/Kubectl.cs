using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Portcullis.EndToEnd.Programs;

/// <summary>The real kubectl against one kubeconfig.</summary>
internal sealed class Kubectl(string kubeconfig)
{
    private static readonly string[] Places = ["/usr/local/bin/kubectl", "/usr/bin/kubectl", "/snap/bin/kubectl"];

    /// <summary>Why it cannot be used here; null when it can.</summary>
    public static string? Missing { get; } = Places.Any(File.Exists) ? null : "not run: kubectl is not installed";

    public string Kubeconfig { get; } = kubeconfig;

    public static void SkipWhenMissing()
    {
        if (Missing is { } reason)
        {
            Assert.Ignore(reason);
        }
    }

    public async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("kubectl") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["KUBECONFIG"] = Kubeconfig;
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException("kubectl cannot be started");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, (await output).Trim(), (await error).Trim());
    }

    /// <summary>The output of a command that must succeed.</summary>
    public async Task<string> AskAsync(params string[] arguments)
    {
        var (code, output, error) = await RunAsync(arguments);
        return code == 0 ? output : throw new InvalidOperationException($"kubectl {string.Join(' ', arguments)}: {error}{output}");
    }

    public async Task<JsonNode> JsonAsync(params string[] arguments) => JsonNode.Parse(await AskAsync([.. arguments, "-o", "json"]))!;

    /// <summary><c>kubectl auth can-i</c> as a user.</summary>
    public async Task<bool> CanAsync(string user, params string[] what) =>
        (await RunAsync(["auth", "can-i", .. what, "--as", user])).Output == "yes";
}
