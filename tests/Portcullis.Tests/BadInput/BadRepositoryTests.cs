using System.Globalization;
using System.Text;
using Portcullis.Objects.Json;
using Portcullis.Testing;
using Portcullis.Tests.Sources;

namespace Portcullis.Tests.BadInput;

/// <summary>Commits and trees that are not as they should be: what is in force stays, the status says why, and mending is noticed.</summary>
internal sealed class BadRepositoryTests : SourceWorldFixture
{
    [Test]
    public async Task A_symbolic_link_in_place_of_a_manifest_keeps_the_revision_out()
    {
        await World.SourceAsync();
        var good = await World.GoodAsync();
        File.CreateSymbolicLink(Path.Combine(World.Git.Folder, "link.yaml"), "/etc/passwd");
        File.CreateSymbolicLink(Path.Combine(World.Git.Folder, "readme"), "/etc/passwd");
        World.Git.Write("a.yaml", SourceWorld.ConfigMap("a", "2")).Commit();

        await World.RefusedAsync(good, "InvalidRevision", "link.yaml:1: is a symbolic link, and links are not followed: put the file itself here");

        await World.ReadyAsync(World.Git.Remove("link.yaml").Commit());
        Assert.That((await World.ConfigMapAsync("a")).Object("data").String("key"), Is.EqualTo("2"));
    }

    /// <summary>Followed it is not, and left out silently its objects would be pruned.</summary>
    [Test]
    public async Task A_link_in_place_of_a_folder_keeps_the_revision_out_and_prunes_nothing()
    {
        await World.SourceAsync(more: "  path: cluster\n");
        var good = World.Git.Write("cluster/a.yaml", SourceWorld.ConfigMap("a")).Write("cluster/apps/b.yaml", SourceWorld.ConfigMap("b")).Commit();
        await World.ReadyAsync(good);
        Directory.Move(Path.Combine(World.Git.Folder, "cluster", "apps"), Path.Combine(World.Git.Folder, "shared"));
        File.CreateSymbolicLink(Path.Combine(World.Git.Folder, "cluster", "apps"), "../shared");
        World.Git.Commit();

        await World.RefusedAsync(good, "InvalidRevision", "cluster/apps:1: is a symbolic link to a folder with manifests, and links are not followed: put the folder itself here");
        Assert.That(await World.ConfigMapAsync("b"), Is.Not.Null);

        File.Delete(Path.Combine(World.Git.Folder, "cluster", "apps"));
        Directory.Move(Path.Combine(World.Git.Folder, "shared"), Path.Combine(World.Git.Folder, "cluster", "apps"));
        await World.ReadyAsync(World.Git.Commit());
    }

    [Test]
    public async Task A_submodule_is_told_and_the_rest_applied()
    {
        await World.SourceAsync();
        await World.GoodAsync();
        World.Git.Git("update-index", "--add", "--cacheinfo", "160000," + new string('a', 40) + ",vendor");
        World.Git.Write("b.yaml", SourceWorld.ConfigMap("b")).Git("add", "b.yaml");
        World.Git.Git("commit", "--quiet", "-m", "with a submodule");

        await World.ReadyAsync(World.Git.Head);

        Assert.That(await World.ConfigMapAsync("b"), Is.Not.Null);
        await World.EventAsync("NotRead", "vendor is a submodule and is not read");
    }

    [TestCase("nowhere", "nowhere:1: there is no such folder in the repository")]
    [TestCase("a.yaml", "a.yaml:1: is a file and no folder: spec.path names the folder to read")]
    [TestCase("link", "link:1: is a symbolic link, and links are not followed: name the folder itself in spec.path")]
    [TestCase("module", "module:1: is a submodule, and submodules are not read: make it a GitSource of its own")]
    public async Task A_path_that_is_no_folder_is_told_and_prunes_nothing(string path, string message)
    {
        Directory.CreateDirectory(Path.Combine(World.Git.Folder, "base"));
        File.CreateSymbolicLink(Path.Combine(World.Git.Folder, "link"), "base");
        World.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Write("base/b.yaml", SourceWorld.ConfigMap("b")).Git("add", "--all");
        World.Git.Git("update-index", "--add", "--cacheinfo", "160000," + new string('a', 40) + ",module");
        World.Git.Git("commit", "--quiet", "-m", "odd");
        await World.SourceAsync(more: "  path: base\n");
        await World.ReadyAsync(World.Git.Head);

        await World.SourceAsync(more: $"  path: {path}\n");

        await World.RefusedAsync(World.Git.Head, "InvalidRevision", message);
        Assert.That(await World.ConfigMapAsync("b"), Is.Not.Null);
        await World.SourceAsync(more: "  path: /base/.\n");
        await World.ReadyAsync(World.Git.Head);
    }

    [Test]
    public async Task A_folder_that_leaves_the_repository_takes_nothing_along_and_may_come_back()
    {
        await World.SourceAsync(more: "  path: deploy\n");
        var good = World.Git.Write("deploy/a.yaml", SourceWorld.ConfigMap("a")).Commit();
        await World.ReadyAsync(good);
        Directory.Move(Path.Combine(World.Git.Folder, "deploy"), Path.Combine(World.Git.Folder, "moved"));
        World.Git.Commit();

        await World.RefusedAsync(good, "InvalidRevision", "deploy:1: there is no such folder in the repository");

        await World.IsKeptAsync("a");
        Directory.Move(Path.Combine(World.Git.Folder, "moved"), Path.Combine(World.Git.Folder, "deploy"));
        await World.ReadyAsync(World.Git.Commit());
    }

    [Test]
    public async Task An_empty_repository_is_waited_for()
    {
        await World.SourceAsync();

        var source = await World.StatusAsync(s => SourceWorld.Ready(s) is { Reason: "FetchFailed" });

        Assert.That(SourceWorld.Ready(source)!.Message, Is.EqualTo("there is no branch main in the repository, which is empty; nothing is in force yet"));
        Assert.That(source.Status!.Conditions!.Select(c => c.Type), Does.Contain("Reconciling").And.Not.Contain("Stalled"));
        await World.GoodAsync();
    }

    [Test]
    public async Task A_branch_that_is_not_there_is_told_with_those_that_are()
    {
        await World.SourceAsync();
        var good = await World.GoodAsync();
        World.Git.Git("branch", "--move", "main", "trunk");
        World.Git.Git("branch", "work");

        await World.RefusedAsync(good, "FetchFailed", "there is no branch main in the repository; it has trunk, work");

        await World.IsKeptAsync("a");
        World.Git.Git("branch", "--move", "trunk", "main");
        await World.GoodAsync();
    }

    [Test]
    public async Task A_commit_without_objects_deletes_nothing_until_it_is_approved()
    {
        await World.SourceAsync();
        var good = await World.GoodAsync();
        var empty = World.Git.Remove("a.yaml").Write("README.md", "nothing here").Commit();

        var blocked = await World.StatusAsync(s => SourceWorld.Ready(s) is { Reason: "PruneBlocked" });

        Assert.Multiple(() =>
        {
            Assert.That(SourceWorld.Ready(blocked)!.Message, Does.StartWith("the revision declares nothing, which would delete everything: 1 object").And.Contain($"portcullis.dev/approve={empty}"));
            Assert.That(blocked.Status!.PruneBlocked!.Single().Object, Is.EqualTo("ConfigMap work/a"));
        });
        await World.VisitAsync();
        Assert.That(await World.ConfigMapAsync("a"), Is.Not.Null, good);
        await World.AnnotateAsync("portcullis.dev/approve", empty);
        await Eventually.HoldsAsync(async () => await World.ConfigMapAsync("a") is null);
        await World.GoodAsync();
        Assert.That(await World.ConfigMapAsync("a"), Is.Not.Null);
    }

    [Test]
    public async Task A_tag_that_moves_forward_is_followed_and_one_that_moves_aside_is_refused()
    {
        var first = World.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit();
        World.Git.Git("tag", "v1");
        await World.SourceAsync(more: "  ref: {tag: v1}\n");
        await World.ReadyAsync(first);
        var second = World.Git.Write("a.yaml", SourceWorld.ConfigMap("a", "2")).Commit();
        World.Git.Git("tag", "--force", "--annotate", "-m", "moved", "v1");
        await World.ReadyAsync(second);

        World.Git.Git("reset", "--quiet", "--hard", first);
        var aside = World.Git.Write("a.yaml", SourceWorld.ConfigMap("a", "3")).Commit();
        World.Git.Git("tag", "--force", "v1");

        await World.RefusedAsync(second, "HistoryRewritten", $"v1@sha1:{aside} does not descend from {second}", revision: "v1");
        Assert.That((await World.ConfigMapAsync("a")).Object("data").String("key"), Is.EqualTo("2"));
        World.Git.Git("tag", "--delete", "v1");
        await World.RefusedAsync(second, "FetchFailed", "there is no tag v1 in the repository", revision: "v1");
        World.Git.Git("tag", "v1", second);
        await World.ReadyAsync(second);
    }

    [TestCase("with a space.yaml")]
    [TestCase("größe-日本語-😀.yaml")]
    [TestCase("-rf.yaml")]
    [TestCase("a[b]*?\"c'$(d)`e`.yaml")]
    [TestCase("sub folder/:(top)x.yaml")]
    [TestCase("C:\\temp\\x.yaml")]
    [TestCase("two\nlines.yaml")]
    [TestCase("tab\there.yaml")]
    [TestCase("turned\u202elmay.yaml")]
    public async Task A_file_may_have_any_name_that_git_allows(string name)
    {
        var shown = name.Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal).Replace("\u202e", "\\u202e", StringComparison.Ordinal);
        await World.SourceAsync();
        await World.GoodAsync();
        var good = World.Git.Write(name, SourceWorld.ConfigMap("odd") + "---\n" + SourceWorld.ConfigMap("odd2")).Commit();
        await World.ReadyAsync(good);
        var annotations = (await World.ConfigMapAsync("odd2")).Object("metadata").Object("annotations");
        Assert.That(annotations.String("portcullis.dev/source-commit"), Is.EqualTo(good));
        Assert.That(annotations.String("portcullis.dev/source-path"), Is.EqualTo($"{shown}:9"));

        World.Git.Write(name, SourceWorld.ConfigMap("odd") + "  key: again\n").Commit();

        await World.RefusedAsync(good, "InvalidRevision", $"{shown}:8: key \"key\" already set in map");
        await World.ReadyAsync(World.Git.Write(name, SourceWorld.ConfigMap("odd", "2")).Commit());
    }

    [Test]
    public async Task A_file_name_that_is_no_text_is_shown_as_far_as_it_is()
    {
        await World.SourceAsync();
        await World.GoodAsync();
        var blob = World.Git.Run("sh", World.Git.Folder, "-c", "git hash-object -w a.yaml");
        World.Git.Run("sh", World.Git.Folder, "-c", $"printf '100644 {blob}\\tx\\377.yaml\\n' | git update-index --index-info && git commit --quiet -m odd");

        var refused = await World.StatusAsync(s => s.Status!.ProblemCount == 1);

        Assert.That(refused.Status!.Problems!.Single().File, Is.EqualTo("x\uFFFD.yaml:1"));
        Assert.That(refused.Status.Problems!.Single().Message, Is.EqualTo("ConfigMap work/a is declared a second time; first at a.yaml:1"));
    }

    [Test]
    public async Task More_files_than_are_read_are_refused_by_their_number()
    {
        await World.SourceAsync();
        var good = await World.GoodAsync();
        var script = new StringBuilder("blob\nmark :1\ndata 0\n\ncommit refs/heads/main\ncommitter Ann <ann@example.com> 1700000000 +0000\ndata 4\nmany\n");
        script.Append(CultureInfo.InvariantCulture, $"from {good}\n");
        for (var i = 0; i < 20_001; i++)
        {
            script.Append(CultureInfo.InvariantCulture, $"M 100644 :1 many/{i}.yaml\n");
        }

        await File.WriteAllTextAsync(Path.Combine(World.Git.Root, "script"), script.ToString());
        World.Git.Run("sh", World.Git.Folder, "-c", "git fast-import --quiet --force <../script");

        await World.RefusedAsync(good, "InvalidRevision", ".:1: there are 20002 manifest files; at most 20000 are read: put several objects into one file, leave files out with .sourceignore, or declare sources with a spec.path each");
        await World.IsKeptAsync("a");
    }
}
