using System.Diagnostics;
using System.Text;
using Portcullis.Benchmarks.Measuring;
using Portcullis.Benchmarks.Programs;
using Portcullis.Clients.Git;
using Portcullis.Core.Revisions;
using Portcullis.Testing.Git;

namespace Portcullis.Benchmarks.Benchmarks;

/// <summary>
/// A revision of 5,000 files in a mirror as a fetch leaves it, read by us and by the git program, turn by turn: all its manifests, with
/// and without the list of them, and the difference to the revision before, in which 10 of them changed.
/// </summary>
internal static class ReadBenchmark
{
    private const int Files = 5000;
    private const int Changed = 10;
    private const int Rounds = 21;

    public static async Task<IReadOnlyList<Bar>> RunAsync()
    {
        using var git = new GitWorkspace();
        var before = Commit(git, step: 1, "1");
        var after = Commit(git, step: Files / Changed, "2");
        var mirror = new GitMirror(new GitOptions { CacheFolder = git.Cache, AllowLocal = true }, new GitRemote(GitUrl.Parse(git.Folder, true, out _)!), TimeProvider.System);
        await mirror.FetchAsync("refs/heads/main", CancellationToken.None);
        var repository = mirror.Repository;
        var ids = (await repository.ReadTreeAsync(after, "", CancellationToken.None)).Select(e => e.Id).ToList();
        var asked = Encoding.ASCII.GetBytes(string.Join('\n', ids) + "\n");
        Samples blobs = new(), gitBlobs = new(), whole = new(), gitWhole = new(), difference = new(), gitDifference = new();
        for (var round = 0; round < Rounds; round++)
        {
            var list = await BenchmarkRun.TimeAsync(() => repository.ReadTreeAsync(after, "", CancellationToken.None));
            var gitList = await GitAsync(repository, [], "ls-tree", "-r", "-z", after);
            var read = await BenchmarkRun.TimeAsync(() => ReadAsync(repository, ids));
            var gitRead = await GitAsync(repository, asked, "cat-file", "--batch", "--buffer");
            blobs.Add(read);
            gitBlobs.Add(gitRead);
            whole.Add(list + read);
            gitWhole.Add(gitList + gitRead);
            difference.Add(await BenchmarkRun.TimeAsync(() => repository.ReadDifferencesAsync(before, after, "", CancellationToken.None)));
            gitDifference.Add(await GitAsync(repository, [], "diff-tree", "-r", "-z", before, after));
        }

        return
        [
            Bar.AtMost("read: 5,000 manifests vs git cat-file --batch", blobs.Median / gitBlobs.Median, 1.0, "x", $"ours {blobs.Text()}, git {gitBlobs.Text()}"),
            Bar.AtMost("read: the list of the files and their content vs git ls-tree and cat-file", whole.Median / gitWhole.Median, 1.0, "x", $"ours {whole.Text()}, git {gitWhole.Text()}"),
            Bar.AtMost(
                "read: the difference of two revisions vs git diff-tree",
                difference.Median / gitDifference.Median, 2.5, "x", $"ours {difference.Text()}, git {gitDifference.Text()}"),
        ];
    }

    private static string Commit(GitWorkspace git, int step, string value)
    {
        for (var i = 0; i < Files; i += step)
        {
            git.Write($"team-{BenchmarkRun.Number(i / 100)}/app-{BenchmarkRun.Number(i / 10 % 10)}/{Sample.Name("settings", i)}.json", Sample.ConfigMap("read", i, value).ToJsonString());
        }

        return git.Commit();
    }

    private static async Task ReadAsync(GitRepository repository, List<string> ids)
    {
        var count = 0;
        await foreach (var blob in repository.ReadBlobsAsync(ids, ManifestLimits.Default.FileBytes, CancellationToken.None))
        {
            count += blob.Content is null ? 0 : 1;
        }

        if (count != Files)
        {
            throw new InvalidOperationException($"{count} files were read");
        }
    }

    private static Task<TimeSpan> GitAsync(GitRepository repository, byte[] input, params string[] arguments) => BenchmarkRun.TimeAsync(async () =>
    {
        var start = new ProcessStartInfo("git", ["--git-dir", repository.Folder, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var writing = process.StandardInput.BaseStream.WriteAsync(input).AsTask().ContinueWith(_ => process.StandardInput.Close(), TaskScheduler.Default);
        await process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        await writing;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"git {arguments[0]} failed");
        }
    });
}
