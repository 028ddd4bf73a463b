using Portcullis.Clients.Git;
using Portcullis.Core.Kinds;
using Portcullis.Core.Revisions;
using Portcullis.Kinds;
using Portcullis.Sources.Fetch;
using Portcullis.Testing.Git;

namespace Portcullis.Tests.Sources;

/// <summary>What of a commit is read, and what is told of the rest.</summary>
internal sealed class ManifestTreeTests
{
    private GitWorkspace _git = null!;

    [SetUp]
    public void SetUp() => _git = new GitWorkspace();

    [TearDown]
    public void TearDown() => _git.Dispose();

    [Test]
    public async Task Reads_manifests_below_the_folder_and_leaves_out_what_is_ignored()
    {
        _git.Write("cluster/a.yaml", SourceWorld.ConfigMap("a")).Write("cluster/deep/b.yml", SourceWorld.ConfigMap("b")).Write("cluster/c.json", "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"c\"}}")
            .Write("cluster/README.md", "x").Write("cluster/.github/w.yaml", "not: ours").Write("cluster/ignored/x.yaml", "not: ours").Write("cluster/ignored/keep.yaml", "x")
            .Write("cluster/t_test.yaml", "not: ours").Write("cluster/.sourceignore", "# comment\nignored/\n*_test.yaml\n").Write("other.yaml", "not: ours");

        var (files, problems, _) = await ReadAsync(new ManifestTree(new ManifestReader(Catalog.Default.Kinds), new ManifestLimits(100_000, 100)), _git.Commit(), "cluster");

        Assert.That(files.Select(f => f.Path), Is.EqualTo(new[] { "cluster/a.yaml", "cluster/c.json", "cluster/deep/b.yml" }));
        Assert.That(problems, Is.Empty);
        Assert.That(files.SelectMany(f => f.File.Problems), Is.Empty);
    }

    [Test]
    public async Task Parses_only_what_changed()
    {
        var tree = new ManifestTree(new ManifestReader(Catalog.Default.Kinds), new ManifestLimits(100_000, 1000));
        for (var i = 0; i < 50; i++)
        {
            _git.Write($"c{i}.yaml", SourceWorld.ConfigMap($"c{i}"));
        }

        await ReadAsync(tree, _git.Commit(), "");
        var (files, _, _) = await ReadAsync(tree, _git.Write("c7.yaml", SourceWorld.ConfigMap("c7", "2")).Commit(), "");

        Assert.That(tree.ParsedFiles, Is.EqualTo(51));
        Assert.That(files, Has.Count.EqualTo(50));
    }

    [Test]
    public async Task Links_submodules_huge_files_and_missing_folders_are_told()
    {
        File.CreateSymbolicLink(Path.Combine(_git.Folder, "link.yaml"), "/etc/passwd");
        File.CreateSymbolicLink(Path.Combine(_git.Folder, "readme"), "/etc/passwd");
        _git.Write("huge.yaml", new byte[50 * 1024 * 1024]);
        _git.Git("add", "--all");
        _git.Git("update-index", "--add", "--cacheinfo", "160000," + new string('a', 40) + ",module");
        _git.Git("commit", "--quiet", "-m", "bad");

        var (files, problems, notes) = await ReadAsync(new ManifestTree(new ManifestReader(Catalog.Default.Kinds), new ManifestLimits(8_000_000, 100)), _git.Head, "");
        var (_, missing, _) = await ReadAsync(new ManifestTree(new ManifestReader(Catalog.Default.Kinds), new ManifestLimits(8_000_000, 100)), _git.Head, "nowhere");

        Assert.Multiple(() =>
        {
            Assert.That(problems.Single().ToString(), Is.EqualTo("link.yaml:1: is a symbolic link, and links are not followed: put the file itself here"));
            Assert.That(files.Single().File.Problems.Single().Message, Is.EqualTo("has 52428800 bytes; the limit is 8000000"));
            Assert.That(notes, Is.EqualTo(new[] { "module is a submodule and is not read", "readme is a symbolic link out of the repository and is not read" }));
            Assert.That(missing.Single().ToString(), Is.EqualTo("nowhere:1: there is no such folder in the repository"));
        });
    }

    [TestCase("cluster/base", "../base", "cluster/base:1: is a symbolic link to a folder with manifests, and links are not followed: put the folder itself here, or leave the link out with .sourceignore", null)]
    [TestCase("cluster/deep/up", "..", null, "cluster/deep/up is a symbolic link and is not followed; the manifests behind it are read at their own place")]
    [TestCase("cluster/hidden", "deep/.hidden", "cluster/hidden:1: is a symbolic link to a folder with manifests, and links are not followed: put the folder itself here, or leave the link out with .sourceignore", null)]
    [TestCase("cluster/out", "../../elsewhere", null, "cluster/out is a symbolic link out of the repository and is not read")]
    [TestCase("cluster/out", "/srv", null, "cluster/out is a symbolic link out of the repository and is not read")]
    [TestCase("cluster/ignored", "../base", null, null)]
    [TestCase("cluster/.base", "../base", null, null)]
    [TestCase("cluster/text", "../docs", null, null)]
    [TestCase("cluster/nowhere", "../nowhere", null, null)]
    [TestCase("other/base", "../base", null, null)]
    public async Task A_link_to_a_folder_is_told_in_a_commit_and_on_disk(string link, string target, string? problem, string? note)
    {
        _git.Write("cluster/a.yaml", SourceWorld.ConfigMap("a")).Write("cluster/deep/.hidden/b.yaml", SourceWorld.ConfigMap("b")).Write("base/c.yaml", SourceWorld.ConfigMap("c"))
            .Write("docs/x.md", "x").Write("cluster/.sourceignore", "ignored/\n");
        var path = Path.Combine(_git.Folder, link);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.CreateSymbolicLink(path, target);

        var (files, problems, notes) = await ReadAsync(new ManifestTree(new ManifestReader(Catalog.Default.Kinds), new ManifestLimits(100_000, 100)), _git.Commit(), "cluster");
        var onDisk = ManifestFolder.Read(Path.Combine(_git.Folder, "cluster"), new ManifestReader(Catalog.Default.Kinds));

        Assert.Multiple(() =>
        {
            Assert.That(files.Select(f => f.Path), Is.EqualTo(new[] { "cluster/a.yaml" }));
            Assert.That(problems.Select(p => p.ToString()), Is.EqualTo(problem is null ? Array.Empty<string>() : [problem]));
            Assert.That(notes, Is.EqualTo(note is null ? Array.Empty<string>() : [note]));
            Assert.That(onDisk.Problems.Select(p => p.ToString().Replace(_git.Folder + "/", "", StringComparison.Ordinal)), Is.EqualTo(problems.Select(p => p.ToString())));
            Assert.That(onDisk.Notes, Is.EqualTo(notes));
        });
    }

    /// <summary>74 bytes that once took longer than the universe has: each <c>**</c> tried every folder for each of the others.</summary>
    [Test]
    [CancelAfter(5000)]
    public void Many_double_stars_take_no_time(CancellationToken cancellationToken)
    {
        var pattern = string.Concat(Enumerable.Repeat("**/a/", 30)) + "b";
        var path = string.Join('/', Enumerable.Repeat("a", 63)) + "/x.yaml";

        Assert.That(new ManifestFilter(pattern).Accepts(path));
        Assert.That(new ManifestFilter("**/a/**/x.yaml").Accepts(path), Is.False);
        Assert.That(cancellationToken.IsCancellationRequested, Is.False);
    }

    /// <summary>Against the plain reading of gitignore's rules, which tries everything, on small random patterns and paths.</summary>
    [Test]
    public void Patterns_match_what_trying_everything_finds([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        string Word(string[] words, int most) => string.Join('/', Enumerable.Range(0, random.Next(1, most + 1)).Select(_ => words[random.Next(words.Length)]));
        for (var i = 0; i < 500; i++)
        {
            var pattern = "/" + Word(["a", "b", "*", "**"], 6);
            var path = Word(["a", "b"], 6);
            Assert.That(new ManifestFilter(pattern).Reaches(path, isFolder: false), Is.Not.EqualTo(Ignores(pattern[1..].Split('/'), path.Split('/'))), $"{pattern} {path}");
        }

        static bool Ignores(string[] pattern, string[] path) => Enumerable.Range(1, path.Length).Any(depth => Matches(pattern, path.AsSpan(0, depth)));

        static bool Matches(ReadOnlySpan<string> pattern, ReadOnlySpan<string> path) => pattern switch
        {
            [] => path.IsEmpty,
            ["**", .. var rest] => Matches(rest, path) || (!path.IsEmpty && Matches(pattern, path[1..])),
            [var name, .. var rest] => !path.IsEmpty && (name == "*" || name == path[0]) && Matches(rest, path[1..]),
        };
    }

    [TestCase(1000, 10, null)]
    [TestCase(1001, 10, "cluster/.sourceignore:1: has more than 1000 patterns, or one of more than 1024 characters: name folders instead of files")]
    [TestCase(1, 1025, "cluster/.sourceignore:1: has more than 1000 patterns, or one of more than 1024 characters: name folders instead of files")]
    public async Task Patterns_beyond_the_limit_are_refused_in_a_commit_and_on_disk(int count, int length, string? problem)
    {
        _git.Write("cluster/a.yaml", SourceWorld.ConfigMap("a"))
            .Write("cluster/.sourceignore", string.Join('\n', Enumerable.Range(0, count).Select(i => i.ToString("0000", null).PadRight(length, 'x'))));

        var (files, problems, _) = await ReadAsync(new ManifestTree(new ManifestReader(Catalog.Default.Kinds), new ManifestLimits(100_000, 100)), _git.Commit(), "cluster");
        var onDisk = ManifestFolder.Read(Path.Combine(_git.Folder, "cluster"), new ManifestReader(Catalog.Default.Kinds));

        Assert.That(problems.Select(p => p.ToString()), Is.EqualTo(problem is null ? Array.Empty<string>() : [problem]));
        Assert.That(onDisk.Problems.Select(p => p.ToString().Replace(_git.Folder + "/", "", StringComparison.Ordinal)), Is.EqualTo(problems.Select(p => p.ToString())));
        Assert.That(files, Has.Count.EqualTo(problem is null ? 1 : 0));
    }

    [TestCase(2, true)]
    [TestCase(3, false)]
    public async Task More_files_than_the_limit_are_refused_in_a_commit_and_on_disk(int limit, bool refused)
    {
        for (var i = 0; i < 3; i++)
        {
            _git.Write($"cluster/{i}.yaml", SourceWorld.ConfigMap($"c{i}"));
        }

        var limits = new ManifestLimits(100_000, limit);
        var (files, problems, _) = await ReadAsync(new ManifestTree(new ManifestReader(Catalog.Default.Kinds), limits), _git.Commit(), "cluster");
        var onDisk = ManifestFolder.Read(Path.Combine(_git.Folder, "cluster"), new ManifestReader(Catalog.Default.Kinds), limits);

        string[] expected = refused
            ? ["cluster:1: there are 3 manifest files; at most 2 are read: put several objects into one file, leave files out with .sourceignore, or declare sources with a spec.path each"]
            : [];
        Assert.That(problems.Select(p => p.ToString()), Is.EqualTo(expected));
        Assert.That(onDisk.Problems.Select(p => p.ToString().Replace(_git.Folder + "/", "", StringComparison.Ordinal)), Is.EqualTo(expected));
        Assert.That((files.Count, onDisk.Files.Count), Is.EqualTo(refused ? (0, 0) : (3, 3)));
    }

    [Test]
    public async Task Links_by_the_thousand_are_refused_unread()
    {
        for (var i = 0; i < 1001; i++)
        {
            File.CreateSymbolicLink(Path.Combine(_git.Folder, $"link{i:0000}"), ".");
        }

        var (_, problems, _) = await ReadAsync(new ManifestTree(new ManifestReader(Catalog.Default.Kinds), new ManifestLimits(100_000, 100)), _git.Commit(), "");

        Assert.That(problems.Single().ToString(), Is.EqualTo("link0000:1: is one of 1001 symbolic links; at most 1000 are looked at: leave them out with .sourceignore"));
    }

    [TestCase("/a.yaml", "a.yaml", false)]
    [TestCase("/a.yaml", "b/a.yaml", true)]
    [TestCase("a.yaml", "b/a.yaml", false)]
    [TestCase("b/*.yaml", "b/a.yaml", false)]
    [TestCase("b/*.yaml", "c/b/a.yaml", true)]
    [TestCase("**/x/a.yaml", "p/q/x/a.yaml", false)]
    [TestCase("*.yaml\n!a.yaml", "a.yaml", true)]
    [TestCase("*.yaml\n!a.yaml", "b.yaml", false)]
    [TestCase("b/\n!b/a.yaml", "b/a.yaml", false)]
    public void Ignores_as_git_does(string patterns, string path, bool accepted) =>
        Assert.That(new ManifestFilter(patterns).Accepts(path), Is.EqualTo(accepted));

    private Task<(IReadOnlyList<RevisionFile> Files, IReadOnlyList<RevisionProblem> Problems, IReadOnlyList<string> Notes)> ReadAsync(
        ManifestTree tree, string commit, string folder)
    {
        var options = new GitOptions { CacheFolder = _git.Cache, AllowLocal = true };
        return tree.ReadAsync(new GitRepository(options, Path.Combine(_git.Folder, ".git"), TimeProvider.System), commit, folder, default);
    }
}
