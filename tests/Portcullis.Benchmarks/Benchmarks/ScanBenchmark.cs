using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Portcullis.Benchmarks.Measuring;
using Portcullis.Testing;
using Portcullis.Benchmarks.Scanning;

namespace Portcullis.Benchmarks.Benchmarks;

/// <summary>
/// An image of 500 MB and 400 Debian packages, read by <c>portcullis scan</c> from its start to its end, and its layers decompressed by gunzip to /dev/null,
/// turn by turn; and the memory that the scan takes at most.
/// </summary>
internal static class ScanBenchmark
{
    private const int Packages = 400;
    private const long Bytes = 500_000_000;
    private const int Rounds = 3;
    private const double Ratio = 0.7;
    private const double MiB = 1024 * 1024;
    private const double MemoryMiB = 150;

    public static async Task<IReadOnlyList<Bar>> RunAsync()
    {
        const string Speed = "scan: speed of reading an image of 500 MB vs gunzip of its layers to /dev/null";
        const string Memory = "scan: resident memory of the same at most";
        if (DebianImage.Missing is { } missing)
        {
            return [Bar.Missing(Speed, missing), Bar.Missing(Memory, missing)];
        }

        using var image = DebianImage.Create(Packages, Bytes);
        Samples ours = new(), gunzip = new(), memory = new(), ratio = new();
        var components = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var scan = await ScanAsync(image.Layout);
            var other = await BenchmarkRun.TimeAsync(() => GunzipAsync(image.Layers));
            ours.Add(scan.Time);
            gunzip.Add(other);
            memory.Add(scan.Memory / MiB);
            ratio.Add(other / scan.Time);
            components = scan.Components;
        }

        return
        [
            Bar.AtLeastOf(Speed, ratio.Median, Ratio, "x", string.Create(
                CultureInfo.InvariantCulture, $"ours {ours.Text()}, gunzip {gunzip.Text()}; {image.Bytes / 1e6:0} MB, {image.Packages} packages, {components} components")),
            Bar.AtMost(Memory, memory.Median, MemoryMiB, " MiB", memory.Text(" MiB")),
        ];
    }

    private static async Task<(TimeSpan Time, long Memory, int Components)> ScanAsync(string layout)
    {
        var start = TimeProvider.System.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(RepositoryFolder.Program, ["scan", layout, "--output", "json", "--database", "/dev/null/none"]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        long peak = 0;
        while (!process.HasExited)
        {
            peak = Math.Max(peak, HighWater(process.Id));
            await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System));
        }

        var time = TimeProvider.System.GetElapsedTime(start);
        var report = JsonNode.Parse(await output)!;
        return process.ExitCode == 0 && (bool)report["complete"]!
            ? (time, peak, report["components"]!.AsArray().Count)
            : throw new InvalidOperationException($"the scan is not complete: {report["problems"]}");
    }

    // The kernel keeps the most that the process had so far.
    private static long HighWater(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Trim('\t'), CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static async Task GunzipAsync(IReadOnlyList<string> layers)
    {
        foreach (var layer in layers)
        {
            using var process = Process.Start(new ProcessStartInfo("sh", ["-c", "exec gunzip -c <\"$1\" >/dev/null", "sh", layer]))!;
            await process.WaitForExitAsync();
        }
    }
}
