using System.Diagnostics;
using System.Globalization;

namespace Portcullis.Benchmarks.Promoting;

/// <summary>
/// Another program that copies the images of one repository to another: by one command, or by one command a tag, several at once. Debian has skopeo, and
/// crane and oras from its later releases on; what is not in the PATH is not run.
/// </summary>
internal sealed record CopyPeer(string Name, string Program, Func<string, string, string, IReadOnlyList<string>> Arguments)
{
    private const int AtOnce = 8;

    /// <summary>Whether one command copies all tags.</summary>
    public bool IsWhole { get; init; }

    /// <summary>What can be compared, with the ways that each program has for a batch. Arguments are made of source, target and tag.</summary>
    public static IReadOnlyList<CopyPeer> All { get; } =
    [
        new("skopeo copy", "skopeo", (source, target, tag) =>
            ["--insecure-policy", "copy", "--quiet", "--src-tls-verify=false", "--dest-tls-verify=false", $"docker://{source}:{tag}", $"docker://{target}:{tag}"]),
        new("skopeo sync", "skopeo", (source, target, _) =>
            ["--insecure-policy", "sync", "--src-tls-verify=false", "--dest-tls-verify=false", "--src", "docker", "--dest", "docker", source, target[..target.LastIndexOf('/')]]) { IsWhole = true },
        new("crane copy --all-tags", "crane", (source, target, _) => ["--insecure", "copy", "--all-tags", "--jobs", Number, source, target]) { IsWhole = true },
        new("oras cp", "oras", (source, target, tag) => ["cp", "--no-tty", "--from-plain-http", "--to-plain-http", $"{source}:{tag}", $"{target}:{tag}"]),
    ];

    /// <summary>How many at once, as an argument.</summary>
    private static string Number => AtOnce.ToString(CultureInfo.InvariantCulture);

    public bool IsThere => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(f => File.Exists(Path.Combine(f, Program)));

    /// <summary>Copies the tags from one repository of a registry to another.</summary>
    public Task CopyAsync(Uri registry, IReadOnlyList<string> tags, string source, string target)
    {
        var (from, to) = ($"{registry.Authority}/{source}", $"{registry.Authority}/{target}");
        return IsWhole
            ? RunAsync(Arguments(from, to, ""))
            : Parallel.ForEachAsync(tags, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (tag, _) => await RunAsync(Arguments(from, to, tag)));
    }

    private async Task RunAsync(IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = process.StandardOutput.ReadToEndAsync();
        var failed = await process.StandardError.ReadToEndAsync();
        _ = await said;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{Name} failed: {failed}");
        }
    }
}
