using System.Diagnostics;
using System.Text.Json.Nodes;
using Portcullis.Testing.Clusters;

namespace Portcullis.ApiServer.Tests.Conformance;

/// <summary>The recorded kubectl commands, run by the kubectl of this machine.</summary>
[TestFixture]
internal sealed class KubectlTests
{
    [Test]
    public async Task Kubectl_sees_what_it_saw_on_the_recorded_server()
    {
        var recording = Recordings.Read("kubectl.json");
        if (!File.Exists("/usr/bin/kubectl"))
        {
            Assert.Ignore("kubectl is not installed.");
        }

        await using var cluster = await TestCluster.StartAsync();
        using var setup = new Replay("kubectl", cluster);
        var folder = Directory.CreateTempSubdirectory("portcullis-kubectl-").FullName;
        foreach (var (name, content) in (JsonObject)recording["files"]!)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, name), content!.ToString());
        }

        await RecordedCluster.CreateGatesAsync(setup);
        var failures = new List<string>();
        var steps = (JsonArray)recording["steps"]!;
        for (var i = 0; i < steps.Count; i++)
        {
            var step = (JsonObject)steps[i]!;
            var (exit, output, errors) = await RunAsync(step, folder, cluster.KubeconfigPath);
            if (i == 0)
            {
                await RecordedCluster.FurnishAsync(setup, "kc");
            }

            Judge(failures, i, step, exit, output, errors);
        }

        Directory.Delete(folder, recursive: true);
        if (failures.Count > 0)
        {
            Assert.Fail(string.Join("\n", failures));
        }
    }

    private static void Judge(List<string> failures, int index, JsonObject step, int exit, string output, string errors)
    {
        var problems = new List<string>();
        if (exit != step["exit"]!.GetValue<int>())
        {
            problems.Add($"exit {exit}, expected {step["exit"]}");
        }

        Compare(problems, step, "stdout", step["stdout"]!.ToString(), output);
        Compare(problems, step, "stderr", step["stderr"]!.ToString(), errors);
        var known = KnownDifferences.Reason("kubectl", index);
        if (problems.Count > 0 && known is null)
        {
            failures.Add($"kubectl#{index} {step["command"]}\n{string.Join("\n", problems)}");
        }
        else if (problems.Count == 0 && known is not null)
        {
            failures.Add($"kubectl#{index} no longer differs: take it off the list ({known})");
        }
    }

    private static void Compare(List<string> problems, JsonObject step, string what, string expected, string actual)
    {
        // kubectl prints a config map's data in no order of its own.
        var left = KubectlMask.Of(expected, sorted: step["command"]!.ToString().StartsWith("kubectl describe cm", StringComparison.Ordinal));
        var right = KubectlMask.Of(actual, sorted: step["command"]!.ToString().StartsWith("kubectl describe cm", StringComparison.Ordinal));
        if (left != right)
        {
            problems.Add($"{what} expected:\n{left}\n{what} was:\n{right}");
        }
    }

    private static async Task<(int Exit, string Output, string Errors)> RunAsync(JsonObject step, string folder, string kubeconfig)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", step["command"]!.ToString()])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["KUBECONFIG"] = kubeconfig;
        start.Environment["HOME"] = folder;
        start.Environment["NO_COLOR"] = "1";
        foreach (var (name, value) in (step["environment"] as JsonObject) ?? [])
        {
            start.Environment[name] = value!.ToString();
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}
