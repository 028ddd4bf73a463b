using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Testing;
using Portcullis.Testing.Git;
using Portcullis.Tests.Sources;

namespace Portcullis.Tests.BadInput;

/// <summary>Repositories that are not as they should be: what is in force stays, the status says why, and mending is noticed.</summary>
internal sealed class BadRepositoryTests
{
    private static readonly ApiResource Secrets = new("", "v1", "Secret", "secrets", true);
    private static readonly ObjectKey Deploy = new("portcullis-system", "deploy");

    private SourceWorld _world = null!;

    [SetUp]
    public async Task SetUp() => _world = await SourceWorld.StartAsync();

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [Test]
    public async Task A_symbolic_link_in_place_of_a_manifest_keeps_the_revision_out()
    {
        await _world.SourceAsync();
        var good = await GoodAsync();
        File.CreateSymbolicLink(Path.Combine(_world.Git.Folder, "link.yaml"), "/etc/passwd");
        File.CreateSymbolicLink(Path.Combine(_world.Git.Folder, "readme"), "/etc/passwd");
        _world.Git.Write("a.yaml", SourceWorld.ConfigMap("a", "2")).Commit();

        await RefusedAsync(good, "InvalidRevision", "link.yaml:1: is a symbolic link, and links are not followed: put the file itself here");

        await _world.ReadyAsync(_world.Git.Remove("link.yaml").Commit());
        Assert.That((await _world.ConfigMapAsync("a")).Object("data").String("key"), Is.EqualTo("2"));
    }

    [Test]
    public async Task A_submodule_is_told_and_the_rest_applied()
    {
        await _world.SourceAsync();
        await GoodAsync();
        _world.Git.Git("update-index", "--add", "--cacheinfo", "160000," + new string('a', 40) + ",vendor");
        _world.Git.Write("b.yaml", SourceWorld.ConfigMap("b")).Git("add", "b.yaml");
        _world.Git.Git("commit", "--quiet", "-m", "with a submodule");

        await _world.ReadyAsync(_world.Git.Head);

        Assert.That(await _world.ConfigMapAsync("b"), Is.Not.Null);
        await _world.EventAsync("NotRead", "vendor is a submodule and is not read");
    }

    [TestCase("nowhere", "nowhere:1: there is no such folder in the repository")]
    [TestCase("a.yaml", "a.yaml:1: is a file and no folder: spec.path names the folder to read")]
    [TestCase("link", "link:1: is a symbolic link, and links are not followed: name the folder itself in spec.path")]
    [TestCase("module", "module:1: is a submodule, and submodules are not read: make it a GitSource of its own")]
    public async Task A_path_that_is_no_folder_is_told_and_prunes_nothing(string path, string message)
    {
        Directory.CreateDirectory(Path.Combine(_world.Git.Folder, "base"));
        File.CreateSymbolicLink(Path.Combine(_world.Git.Folder, "link"), "base");
        _world.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Write("base/b.yaml", SourceWorld.ConfigMap("b")).Git("add", "--all");
        _world.Git.Git("update-index", "--add", "--cacheinfo", "160000," + new string('a', 40) + ",module");
        _world.Git.Git("commit", "--quiet", "-m", "odd");
        await _world.SourceAsync(more: "  path: base\n");
        await _world.ReadyAsync(_world.Git.Head);

        await _world.SourceAsync(more: $"  path: {path}\n");

        await RefusedAsync(_world.Git.Head, "InvalidRevision", message);
        Assert.That(await _world.ConfigMapAsync("b"), Is.Not.Null);
        await _world.SourceAsync(more: "  path: /base/.\n");
        await _world.ReadyAsync(_world.Git.Head);
    }

    [Test]
    public async Task A_folder_that_leaves_the_repository_takes_nothing_along_and_may_come_back()
    {
        await _world.SourceAsync(more: "  path: deploy\n");
        var good = _world.Git.Write("deploy/a.yaml", SourceWorld.ConfigMap("a")).Commit();
        await _world.ReadyAsync(good);
        Directory.Move(Path.Combine(_world.Git.Folder, "deploy"), Path.Combine(_world.Git.Folder, "moved"));
        _world.Git.Commit();

        await RefusedAsync(good, "InvalidRevision", "deploy:1: there is no such folder in the repository");

        await IsKeptAsync("a");
        Directory.Move(Path.Combine(_world.Git.Folder, "moved"), Path.Combine(_world.Git.Folder, "deploy"));
        await _world.ReadyAsync(_world.Git.Commit());
    }

    [Test]
    public async Task An_empty_repository_is_waited_for()
    {
        await _world.SourceAsync();

        var source = await _world.StatusAsync(s => SourceWorld.Ready(s) is { Reason: "FetchFailed" });

        Assert.That(SourceWorld.Ready(source)!.Message, Is.EqualTo("there is no branch main in the repository, which is empty; nothing is in force yet"));
        Assert.That(source.Status!.Conditions!.Select(c => c.Type), Does.Contain("Reconciling").And.Not.Contain("Stalled"));
        await GoodAsync();
    }

    [Test]
    public async Task A_branch_that_is_not_there_is_told_with_those_that_are()
    {
        await _world.SourceAsync();
        var good = await GoodAsync();
        _world.Git.Git("branch", "--move", "main", "trunk");
        _world.Git.Git("branch", "work");

        await RefusedAsync(good, "FetchFailed", "there is no branch main in the repository; it has trunk, work");

        await IsKeptAsync("a");
        _world.Git.Git("branch", "--move", "trunk", "main");
        await GoodAsync();
    }

    [Test]
    public async Task A_commit_without_objects_deletes_nothing_until_it_is_approved()
    {
        await _world.SourceAsync();
        var good = await GoodAsync();
        var empty = _world.Git.Remove("a.yaml").Write("README.md", "nothing here").Commit();

        var blocked = await _world.StatusAsync(s => SourceWorld.Ready(s) is { Reason: "PruneBlocked" });

        Assert.Multiple(() =>
        {
            Assert.That(SourceWorld.Ready(blocked)!.Message, Does.StartWith("the revision declares nothing, which would delete all 1 objects").And.Contain($"portcullis.dev/approve={empty}"));
            Assert.That(blocked.Status!.PruneBlocked!.Single().Object, Is.EqualTo("ConfigMap work/a"));
        });
        await VisitAsync();
        Assert.That(await _world.ConfigMapAsync("a"), Is.Not.Null, good);
        await AnnotateAsync("portcullis.dev/approve", empty);
        await Eventually.HoldsAsync(async () => await _world.ConfigMapAsync("a") is null);
        await GoodAsync();
        Assert.That(await _world.ConfigMapAsync("a"), Is.Not.Null);
    }

    [Test]
    public async Task A_tag_that_moves_forward_is_followed_and_one_that_moves_aside_is_refused()
    {
        var first = _world.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit();
        _world.Git.Git("tag", "v1");
        await _world.SourceAsync(more: "  ref: {tag: v1}\n");
        await _world.ReadyAsync(first);
        var second = _world.Git.Write("a.yaml", SourceWorld.ConfigMap("a", "2")).Commit();
        _world.Git.Git("tag", "--force", "--annotate", "-m", "moved", "v1");
        await _world.ReadyAsync(second);

        _world.Git.Git("reset", "--quiet", "--hard", first);
        var aside = _world.Git.Write("a.yaml", SourceWorld.ConfigMap("a", "3")).Commit();
        _world.Git.Git("tag", "--force", "v1");

        await RefusedAsync(second, "HistoryRewritten", $"v1@sha1:{aside} does not descend from {second}", revision: "v1");
        Assert.That((await _world.ConfigMapAsync("a")).Object("data").String("key"), Is.EqualTo("2"));
        _world.Git.Git("tag", "--delete", "v1");
        await RefusedAsync(second, "FetchFailed", "there is no tag v1 in the repository", revision: "v1");
        _world.Git.Git("tag", "v1", second);
        await _world.ReadyAsync(second);
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
        await _world.SourceAsync();
        await GoodAsync();
        var good = _world.Git.Write(name, SourceWorld.ConfigMap("odd") + "---\n" + SourceWorld.ConfigMap("odd2")).Commit();
        await _world.ReadyAsync(good);
        var annotations = (await _world.ConfigMapAsync("odd2")).Object("metadata").Object("annotations");
        Assert.That(annotations.String("portcullis.dev/source-commit"), Is.EqualTo(good));
        Assert.That(annotations.String("portcullis.dev/source-path"), Is.EqualTo($"{shown}:9"));

        _world.Git.Write(name, SourceWorld.ConfigMap("odd") + "  key: again\n").Commit();

        await RefusedAsync(good, "InvalidRevision", $"{shown}:8: key \"key\" already set in map");
        await _world.ReadyAsync(_world.Git.Write(name, SourceWorld.ConfigMap("odd", "2")).Commit());
    }

    [Test]
    public async Task A_file_name_that_is_no_text_is_shown_as_far_as_it_is()
    {
        await _world.SourceAsync();
        await GoodAsync();
        var blob = _world.Git.Run("sh", _world.Git.Folder, "-c", "git hash-object -w a.yaml");
        _world.Git.Run("sh", _world.Git.Folder, "-c", $"printf '100644 {blob}\\tx\\377.yaml\\n' | git update-index --index-info && git commit --quiet -m odd");

        var refused = await _world.StatusAsync(s => s.Status!.ProblemCount == 1);

        Assert.That(refused.Status!.Problems!.Single().File, Is.EqualTo("x\uFFFD.yaml:1"));
        Assert.That(refused.Status.Problems!.Single().Message, Is.EqualTo("ConfigMap work/a is declared a second time; first at a.yaml:1"));
    }

    [Test]
    public async Task A_force_push_is_refused_also_after_a_restart_that_lost_the_cache()
    {
        await _world.SourceAsync();
        var first = await GoodAsync();
        var second = _world.Git.Write("a.yaml", SourceWorld.ConfigMap("a", "2")).Commit();
        await _world.ReadyAsync(second);
        _world.Git.Git("reset", "--quiet", "--hard", first);
        var pushed = _world.Git.Write("a.yaml", SourceWorld.ConfigMap("a", "3")).Commit();
        await RefusedAsync(second, "HistoryRewritten", $"main@sha1:{pushed} does not descend from {second}");
        await IsKeptAsync("a", "2");

        await _world.StopOperatorAsync();
        await _world.StartOperatorAsync();
        await IsKeptAsync("a", "2");

        await _world.StopOperatorAsync();
        Directory.Delete(_world.Git.Cache, recursive: true);
        _world.Git.Git("reflog", "expire", "--expire=now", "--all");
        _world.Git.Git("gc", "--quiet", "--prune=now");
        await _world.StartOperatorAsync();
        await VisitAsync();
        var refused = await RefusedAsync(second, "HistoryRewritten", $"main@sha1:{pushed} does not descend from {second}");
        Assert.That(SourceWorld.Ready(refused)!.Message, Does.Contain($"portcullis.dev/approve={pushed}"));
        Assert.That((await _world.ConfigMapAsync("a")).Object("data").String("key"), Is.EqualTo("2"));

        await AnnotateAsync("portcullis.dev/approve", pushed);
        await _world.ReadyAsync(pushed);
    }

    [Test]
    public async Task A_repository_that_vanishes_and_comes_back_is_followed_again()
    {
        await _world.SourceAsync();
        var good = await GoodAsync();
        var gone = _world.Git.Folder + ".gone";
        Directory.Move(_world.Git.Folder, gone);

        await RefusedAsync(good, "FetchFailed", $"there is no repository at {_world.Git.Folder}");
        await IsKeptAsync("a");

        Directory.Move(gone, _world.Git.Folder);
        await _world.ReadyAsync(_world.Git.Write("a.yaml", SourceWorld.ConfigMap("a", "2")).Commit());
        Directory.Move(_world.Git.Folder, gone);
        Directory.CreateDirectory(_world.Git.Folder);
        await RefusedAsync(_world.HeadOf(gone), "FetchFailed", $"git ls-remote: '{_world.Git.Folder}' does not appear to be a git repository");
        _world.Git.Git("init", "--quiet", "--initial-branch=main");
        _world.Git.Git("config", "user.name", "Mallory");
        _world.Git.Git("config", "user.email", "m@example.com");
        var foreign = _world.Git.Write("b.yaml", SourceWorld.ConfigMap("b")).Commit();
        await RefusedAsync(_world.HeadOf(gone), "HistoryRewritten", $"main@sha1:{foreign} does not descend from");
        Assert.That(await _world.ConfigMapAsync("b"), Is.Null);
        await IsKeptAsync("a", "2");
    }

    [Test]
    public async Task A_repository_that_is_damaged_leaves_our_copy_of_it_alone()
    {
        await _world.SourceAsync();
        var good = await GoodAsync();
        _world.Git.Git("checkout", "--quiet", "-b", "side");
        var damaged = _world.Git.Write("b.yaml", SourceWorld.ConfigMap("b", "2")).Commit();
        var blob = _world.Git.Git("rev-parse", $"{damaged}:b.yaml");
        var file = Path.Combine(_world.Git.Folder, ".git", "objects", blob[..2], blob[2..]);
        var bytes = await File.ReadAllBytesAsync(file);
        File.Delete(file);
        _world.Git.Git("update-ref", "refs/heads/main", damaged);

        await RefusedAsync(good, "FetchFailed", "git fetch: the repository is damaged at its server, have git fsck run there: ");

        await IsKeptAsync("a");
        await _world.StopOperatorAsync();
        Directory.Move(_world.Git.Folder, _world.Git.Folder + ".gone");
        await _world.StartOperatorAsync();
        await IsKeptAsync("a");
        await _world.StopOperatorAsync();
        Directory.Move(_world.Git.Folder + ".gone", _world.Git.Folder);
        await File.WriteAllBytesAsync(file, bytes);
        await _world.StartOperatorAsync();
        await _world.ReadyAsync(damaged);
        Assert.That((await _world.ConfigMapAsync("b")).Object("data").String("key"), Is.EqualTo("2"));
    }

    [Test]
    public async Task A_damaged_copy_of_ours_is_made_anew()
    {
        await _world.SourceAsync();
        await GoodAsync();
        foreach (var pack in Directory.GetFiles(Path.Combine(_world.Git.Cache, "mirrors"), "*", SearchOption.AllDirectories).Where(f => f.Contains("/objects/", StringComparison.Ordinal)))
        {
            File.SetUnixFileMode(pack, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            await File.WriteAllTextAsync(pack, "rust");
        }

        await _world.ReadyAsync(_world.Git.Write("a.yaml", SourceWorld.ConfigMap("a", "2")).Commit());
    }

    [Test]
    public async Task A_server_that_never_answers_is_given_up_and_delays_no_other_source()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var url = string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/r.git");
        for (var i = 0; i < 6; i++)
        {
            await _world.Cluster.ApplyAsync($"apiVersion: portcullis.dev/v1alpha1\nkind: GitSource\nmetadata: {{name: silent-{i}}}\nspec: {{url: \"{url}\", interval: 1s, retryInterval: 1s, timeout: 2s}}\n");
        }

        await _world.SourceAsync();
        await GoodAsync();

        var source = await _world.StatusAsync(s => SourceWorld.Ready(s) is { Reason: "FetchFailed" }, "silent-5");
        Assert.That(SourceWorld.Ready(source)!.Message, Is.EqualTo("git ls-remote: no answer within 2 s; nothing is in force yet"));
    }

    [Test]
    public async Task More_files_than_are_read_are_refused_by_their_number()
    {
        await _world.SourceAsync();
        var good = await GoodAsync();
        var script = new StringBuilder("blob\nmark :1\ndata 0\n\ncommit refs/heads/main\ncommitter Ann <ann@example.com> 1700000000 +0000\ndata 4\nmany\n");
        script.Append(CultureInfo.InvariantCulture, $"from {good}\n");
        for (var i = 0; i < 20_001; i++)
        {
            script.Append(CultureInfo.InvariantCulture, $"M 100644 :1 many/{i}.yaml\n");
        }

        await File.WriteAllTextAsync(Path.Combine(_world.Git.Root, "script"), script.ToString());
        _world.Git.Run("sh", _world.Git.Folder, "-c", "git fast-import --quiet --force <../script");

        await RefusedAsync(good, "InvalidRevision", ".:1: there are 20002 manifest files; at most 20000 are read");
        await IsKeptAsync("a");
    }

    [Test]
    public async Task Credentials_that_vanish_leave_the_last_state_in_force_and_are_noticed_when_they_return()
    {
        if (!SshServer.IsInstalled)
        {
            Assert.Ignore("not run: there is no sshd here (apt-get install openssh-server)");
        }

        using var server = await SshServer.StartAsync(_world.Git);
        await SecretAsync(("identity", server.Identity), ("known_hosts", server.KnownHosts), server.Host);
        var good = _world.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit();
        await _world.SourceAsync(
            more: "  secretRef: {name: deploy}\n", url: server.AddressOf(_world.Git.Folder));
        await _world.ReadyAsync(good);
        await _world.Client.DeleteAsync(Secrets, Deploy, new DeleteOptions(), default);
        var next = _world.Git.Write("a.yaml", SourceWorld.ConfigMap("a", "2")).Commit();

        await RefusedAsync(good, "SecretNotUsable", "there is no Secret deploy in the namespace portcullis-system");
        await IsKeptAsync("a");
        await _world.StopOperatorAsync();
        await _world.StartOperatorAsync();
        await VisitAsync();
        await RefusedAsync(good, "SecretNotUsable", $"main@sha1:{good} stays in force");
        await IsKeptAsync("a");

        await SecretAsync(("identity", server.StrangersIdentity), ("known_hosts", server.KnownHosts), server.Host);
        await RefusedAsync(good, "FetchFailed", "Permission denied");
        await SecretAsync(("token", "of no use"), ("known_hosts", server.KnownHosts), server.Host);
        await RefusedAsync(good, "SecretNotUsable", "the Secret deploy needs the keys identity and known_hosts for ssh");
        await SecretAsync(("identity", server.Identity), ("known_hosts", server.KnownHosts), "elsewhere");
        await RefusedAsync(good, "SecretNotUsable", $"the Secret deploy is for the host elsewhere, not for {server.Host}");
        await SecretAsync(("identity", server.Identity), ("known_hosts", server.KnownHosts), server.Host);
        await _world.ReadyAsync(next);
    }

    /// <summary>The revision before stays in force, and the condition says this.</summary>
    private async Task<GitSource> RefusedAsync(string good, string reason, string message, string revision = "main")
    {
        var source = await _world.StatusAsync(s => SourceWorld.Ready(s) is { Status: "False" } ready && ready.Reason == reason && ready.Message.Contains(message, StringComparison.Ordinal));
        Assert.That(source.Status!.InForceRevision, Is.EqualTo($"{revision}@sha1:{good}"));
        return source;
    }

    private async Task SecretAsync((string Name, string Content) first, (string Name, string Content) second, string host)
    {
        await _world.Client.DeleteAsync(Secrets, Deploy, new DeleteOptions(), default);
        await _world.Cluster.ApplyAsync(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = new JsonObject
            {
                ["name"] = Deploy.Name,
                ["namespace"] = Deploy.Namespace,
                ["labels"] = new JsonObject { ["portcullis.dev/allowed-source"] = "root" },
                ["annotations"] = new JsonObject { ["portcullis.dev/allowed-host"] = host },
            },
            ["stringData"] = new JsonObject { [first.Name] = first.Content, [second.Name] = second.Content },
        });
    }

    /// <summary>Is made again when it is deleted, as it was.</summary>
    private async Task IsKeptAsync(string name, string value = "1")
    {
        await _world.Client.DeleteAsync(SourceWorld.ConfigMaps, new ObjectKey("work", name), new DeleteOptions(), default);
        await Eventually.GetsAsync(() => _world.ConfigMapAsync(name), a => a.Object("data").String("key") == value);
    }

    private async Task<string> GoodAsync()
    {
        var commit = _world.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit();
        await _world.ReadyAsync(commit);
        return commit;
    }

    private async Task VisitAsync()
    {
        var now = Guid.NewGuid().ToString();
        await AnnotateAsync("portcullis.dev/requestedAt", now);
        await _world.StatusAsync(s => s.Status!.LastHandledReconcileAt == now);
    }

    private Task<JsonObject> AnnotateAsync(string name, string value) => _world.Client.MergePatchAsync(
        GitSource.Definition,
        ObjectKey.Cluster("root"),
        new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [name] = value } } },
        new WriteOptions("test"),
        default);
}
