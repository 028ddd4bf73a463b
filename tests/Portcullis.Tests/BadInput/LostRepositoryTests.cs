using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Objects.Json;
using Portcullis.Testing.Git;
using Portcullis.Tests.Sources;

namespace Portcullis.Tests.BadInput;

/// <summary>Repositories that are gone, silent, damaged or no longer the same: what is in force stays, and their return is noticed.</summary>
internal sealed class LostRepositoryTests
{
    private static readonly ApiResource Secrets = new("", "v1", "Secret", "secrets", true);
    private static readonly ObjectKey Deploy = new("portcullis-system", "deploy");

    private SourceWorld _world = null!;

    [SetUp]
    public async Task SetUp() => _world = await SourceWorld.StartAsync();

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [Test]
    public async Task A_force_push_is_refused_also_after_a_restart_that_lost_the_cache()
    {
        await _world.SourceAsync();
        var first = await _world.GoodAsync();
        var second = _world.Git.Write("a.yaml", SourceWorld.ConfigMap("a", "2")).Commit();
        await _world.ReadyAsync(second);
        _world.Git.Git("reset", "--quiet", "--hard", first);
        var pushed = _world.Git.Write("a.yaml", SourceWorld.ConfigMap("a", "3")).Commit();
        await _world.RefusedAsync(second, "HistoryRewritten", $"main@sha1:{pushed} does not descend from {second}");
        await _world.IsKeptAsync("a", "2");

        await _world.StopOperatorAsync();
        await _world.StartOperatorAsync();
        await _world.IsKeptAsync("a", "2");

        await _world.StopOperatorAsync();
        Directory.Delete(_world.Git.Cache, recursive: true);
        _world.Git.Git("reflog", "expire", "--expire=now", "--all");
        _world.Git.Git("gc", "--quiet", "--prune=now");
        await _world.StartOperatorAsync();
        await _world.VisitAsync();
        var refused = await _world.RefusedAsync(second, "HistoryRewritten", $"main@sha1:{pushed} does not descend from {second}");
        Assert.That(SourceWorld.Ready(refused)!.Message, Does.Contain($"portcullis.dev/approve={pushed}"));
        Assert.That((await _world.ConfigMapAsync("a")).Object("data").String("key"), Is.EqualTo("2"));

        await _world.AnnotateAsync("portcullis.dev/approve", pushed);
        await _world.ReadyAsync(pushed);
    }

    [Test]
    public async Task A_repository_that_vanishes_and_comes_back_is_followed_again()
    {
        await _world.SourceAsync();
        var good = await _world.GoodAsync();
        var gone = _world.Git.Folder + ".gone";
        Directory.Move(_world.Git.Folder, gone);

        await _world.RefusedAsync(good, "FetchFailed", $"there is no repository at {_world.Git.Folder}");
        await _world.IsKeptAsync("a");

        Directory.Move(gone, _world.Git.Folder);
        await _world.ReadyAsync(_world.Git.Write("a.yaml", SourceWorld.ConfigMap("a", "2")).Commit());
        Directory.Move(_world.Git.Folder, gone);
        Directory.CreateDirectory(_world.Git.Folder);
        await _world.RefusedAsync(_world.HeadOf(gone), "FetchFailed", $"git ls-remote: '{_world.Git.Folder}' does not appear to be a git repository");
        _world.Git.Git("init", "--quiet", "--initial-branch=main");
        _world.Git.Git("config", "user.name", "Mallory");
        _world.Git.Git("config", "user.email", "m@example.com");
        var foreign = _world.Git.Write("b.yaml", SourceWorld.ConfigMap("b")).Commit();
        await _world.RefusedAsync(_world.HeadOf(gone), "HistoryRewritten", $"main@sha1:{foreign} does not descend from");
        Assert.That(await _world.ConfigMapAsync("b"), Is.Null);
        await _world.IsKeptAsync("a", "2");
    }

    [Test]
    public async Task A_repository_that_is_damaged_leaves_our_copy_of_it_alone()
    {
        await _world.SourceAsync();
        var good = await _world.GoodAsync();
        _world.Git.Git("checkout", "--quiet", "-b", "side");
        var damaged = _world.Git.Write("b.yaml", SourceWorld.ConfigMap("b", "2")).Commit();
        var blob = _world.Git.Git("rev-parse", $"{damaged}:b.yaml");
        var file = Path.Combine(_world.Git.Folder, ".git", "objects", blob[..2], blob[2..]);
        var bytes = await File.ReadAllBytesAsync(file);
        File.Delete(file);
        _world.Git.Git("update-ref", "refs/heads/main", damaged);

        await _world.RefusedAsync(good, "FetchFailed", "git fetch: the repository is damaged at its server, have git fsck run there: ");

        await _world.IsKeptAsync("a");
        await _world.StopOperatorAsync();
        Directory.Move(_world.Git.Folder, _world.Git.Folder + ".gone");
        await _world.StartOperatorAsync();
        await _world.IsKeptAsync("a");
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
        await _world.GoodAsync();
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
        await _world.GoodAsync();

        var source = await _world.StatusAsync(s => SourceWorld.Ready(s) is { Reason: "FetchFailed" }, "silent-5");
        Assert.That(SourceWorld.Ready(source)!.Message, Is.EqualTo("git ls-remote: no answer within 2 s; nothing is in force yet"));
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

        // A look that was under way may still have the credentials.
        await _world.RefusedAsync(good, "SecretNotUsable", "there is no Secret deploy in the namespace portcullis-system");
        var next = _world.Git.Write("a.yaml", SourceWorld.ConfigMap("a", "2")).Commit();
        await _world.IsKeptAsync("a");
        await _world.StopOperatorAsync();
        await _world.StartOperatorAsync();
        await _world.VisitAsync();
        await _world.RefusedAsync(good, "SecretNotUsable", $"main@sha1:{good} stays in force");
        await _world.IsKeptAsync("a");

        await SecretAsync(("identity", server.StrangersIdentity), ("known_hosts", server.KnownHosts), server.Host);
        await _world.RefusedAsync(good, "FetchFailed", "Permission denied");
        await SecretAsync(("token", "of no use"), ("known_hosts", server.KnownHosts), server.Host);
        await _world.RefusedAsync(good, "SecretNotUsable", "the Secret deploy needs the keys identity and known_hosts for ssh");
        await SecretAsync(("identity", server.Identity), ("known_hosts", server.KnownHosts), "elsewhere");
        await _world.RefusedAsync(good, "SecretNotUsable", $"the Secret deploy is for the host elsewhere, not for {server.Host}");
        await SecretAsync(("identity", server.Identity), ("known_hosts", server.KnownHosts), server.Host);
        await _world.ReadyAsync(next);
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
}
