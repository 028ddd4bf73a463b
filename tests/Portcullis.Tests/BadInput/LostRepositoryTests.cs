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
internal sealed class LostRepositoryTests : SourceWorldFixture
{
    private static readonly ApiResource Secrets = new("", "v1", "Secret", "secrets", true);
    private static readonly ObjectKey Deploy = new("portcullis-system", "deploy");

    [Test]
    public async Task A_force_push_is_refused_also_after_a_restart_that_lost_the_cache()
    {
        await World.SourceAsync();
        var first = await World.GoodAsync();
        var second = World.Git.Write("a.yaml", SourceWorld.ConfigMap("a", "2")).Commit();
        await World.ReadyAsync(second);
        World.Git.Git("reset", "--quiet", "--hard", first);
        var pushed = World.Git.Write("a.yaml", SourceWorld.ConfigMap("a", "3")).Commit();
        await World.RefusedAsync(second, "HistoryRewritten", $"main@sha1:{pushed} does not descend from {second}");
        await World.IsKeptAsync("a", "2");

        await World.StopOperatorAsync();
        await World.StartOperatorAsync();
        await World.IsKeptAsync("a", "2");

        await World.StopOperatorAsync();
        Directory.Delete(World.Git.Cache, recursive: true);
        World.Git.Git("reflog", "expire", "--expire=now", "--all");
        World.Git.Git("gc", "--quiet", "--prune=now");
        await World.StartOperatorAsync();
        await World.VisitAsync();
        var refused = await World.RefusedAsync(second, "HistoryRewritten", $"main@sha1:{pushed} does not descend from {second}");
        Assert.That(SourceWorld.Ready(refused)!.Message, Does.Contain($"portcullis.dev/approve={pushed}"));
        Assert.That((await World.ConfigMapAsync("a")).Object("data").String("key"), Is.EqualTo("2"));

        await World.AnnotateAsync("portcullis.dev/approve", pushed);
        await World.ReadyAsync(pushed);
    }

    [Test]
    public async Task A_repository_that_vanishes_and_comes_back_is_followed_again()
    {
        await World.SourceAsync();
        var good = await World.GoodAsync();
        var gone = World.Git.Folder + ".gone";
        Directory.Move(World.Git.Folder, gone);

        await World.RefusedAsync(good, "FetchFailed", $"there is no repository at {World.Git.Folder}");
        await World.IsKeptAsync("a");

        Directory.Move(gone, World.Git.Folder);
        await World.ReadyAsync(World.Git.Write("a.yaml", SourceWorld.ConfigMap("a", "2")).Commit());
        Directory.Move(World.Git.Folder, gone);
        Directory.CreateDirectory(World.Git.Folder);
        await World.RefusedAsync(World.HeadOf(gone), "FetchFailed", $"git ls-remote: '{World.Git.Folder}' does not appear to be a git repository");
        World.Git.Git("init", "--quiet", "--initial-branch=main");
        World.Git.Git("config", "user.name", "Mallory");
        World.Git.Git("config", "user.email", "m@example.com");
        var foreign = World.Git.Write("b.yaml", SourceWorld.ConfigMap("b")).Commit();
        await World.RefusedAsync(World.HeadOf(gone), "HistoryRewritten", $"main@sha1:{foreign} does not descend from");
        Assert.That(await World.ConfigMapAsync("b"), Is.Null);
        await World.IsKeptAsync("a", "2");
    }

    [Test]
    public async Task A_repository_with_sha256_hashes_is_told_as_such_and_what_is_in_force_is_kept()
    {
        await World.SourceAsync();
        var good = await World.GoodAsync();
        using var converted = new GitWorkspace("sha256");
        converted.Write("a.yaml", SourceWorld.ConfigMap("a", "2")).Commit();

        await World.SourceAsync(url: converted.Folder);
        await World.RefusedAsync(good, "RepositoryNotSupported", $"{converted.Folder}: the object format sha256 is not supported");
        await World.SourceAsync(url: converted.Folder, more: $"  ref: {{commit: {good}}}\n");
        await World.RefusedAsync(good, "RepositoryNotSupported", $"{converted.Folder}: the object format sha256 is not supported");

        await World.IsKeptAsync("a");
        await World.SourceAsync(more: "  ref: {branch: main}\n");
        await World.ReadyAsync(good);
    }

    [Test]
    public async Task A_repository_that_is_damaged_leaves_our_copy_of_it_alone()
    {
        await World.SourceAsync();
        var good = await World.GoodAsync();
        World.Git.Git("checkout", "--quiet", "-b", "side");
        var damaged = World.Git.Write("b.yaml", SourceWorld.ConfigMap("b", "2")).Commit();
        var blob = World.Git.Git("rev-parse", $"{damaged}:b.yaml");
        var file = Path.Combine(World.Git.Folder, ".git", "objects", blob[..2], blob[2..]);
        var bytes = await File.ReadAllBytesAsync(file);
        File.Delete(file);
        World.Git.Git("update-ref", "refs/heads/main", damaged);

        await World.RefusedAsync(good, "FetchFailed", "git fetch: the repository is damaged at its server, have git fsck run there: ");

        await World.IsKeptAsync("a");
        await World.StopOperatorAsync();
        Directory.Move(World.Git.Folder, World.Git.Folder + ".gone");
        await World.StartOperatorAsync();
        await World.IsKeptAsync("a");
        await World.StopOperatorAsync();
        Directory.Move(World.Git.Folder + ".gone", World.Git.Folder);
        await File.WriteAllBytesAsync(file, bytes);
        await World.StartOperatorAsync();
        await World.ReadyAsync(damaged);
        Assert.That((await World.ConfigMapAsync("b")).Object("data").String("key"), Is.EqualTo("2"));
    }

    [Test]
    public async Task A_damaged_copy_of_ours_is_made_anew()
    {
        await World.SourceAsync();
        await World.GoodAsync();
        foreach (var pack in Directory.GetFiles(Path.Combine(World.Git.Cache, "mirrors"), "*", SearchOption.AllDirectories).Where(f => f.Contains("/objects/", StringComparison.Ordinal)))
        {
            File.SetUnixFileMode(pack, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            await File.WriteAllTextAsync(pack, "rust");
        }

        await World.ReadyAsync(World.Git.Write("a.yaml", SourceWorld.ConfigMap("a", "2")).Commit());
    }

    [Test]
    public async Task A_server_that_never_answers_is_given_up_and_delays_no_other_source()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var url = string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/r.git");
        for (var i = 0; i < 6; i++)
        {
            await World.Cluster.ApplyAsync($"apiVersion: portcullis.dev/v1alpha1\nkind: GitSource\nmetadata: {{name: silent-{i}}}\nspec: {{url: \"{url}\", interval: 1s, retryInterval: 1s, timeout: 2s}}\n");
        }

        await World.SourceAsync();
        await World.GoodAsync();

        var source = await World.StatusAsync(s => SourceWorld.Ready(s) is { Reason: "FetchFailed" }, "silent-5");
        Assert.That(SourceWorld.Ready(source)!.Message, Is.EqualTo("git ls-remote: no answer within 2 s; nothing is in force yet"));
    }

    [Test]
    public async Task Credentials_that_vanish_leave_the_last_state_in_force_and_are_noticed_when_they_return()
    {
        if (!SshServer.IsInstalled)
        {
            Assert.Ignore("not run: there is no sshd here (apt-get install openssh-server)");
        }

        using var server = await SshServer.StartAsync(World.Git);
        await SecretAsync(("identity", server.Identity), ("known_hosts", server.KnownHosts), server.Host);
        var good = World.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit();
        await World.SourceAsync(
            more: "  secretRef: {name: deploy}\n", url: server.AddressOf(World.Git.Folder));
        await World.ReadyAsync(good);
        await World.Client.DeleteAsync(Secrets, Deploy, new DeleteOptions(), default);

        // A look that was under way may still have the credentials.
        await World.RefusedAsync(good, "SecretNotUsable", "there is no Secret deploy in the namespace portcullis-system");
        var next = World.Git.Write("a.yaml", SourceWorld.ConfigMap("a", "2")).Commit();
        await World.IsKeptAsync("a");
        await World.StopOperatorAsync();
        await World.StartOperatorAsync();
        await World.VisitAsync();
        await World.RefusedAsync(good, "SecretNotUsable", $"{good[..8]} stays in force");
        await World.IsKeptAsync("a");

        await SecretAsync(("identity", server.StrangersIdentity), ("known_hosts", server.KnownHosts), server.Host);
        await World.RefusedAsync(good, "FetchFailed", "Permission denied");
        await SecretAsync(("token", "of no use"), ("known_hosts", server.KnownHosts), server.Host);
        await World.RefusedAsync(good, "SecretNotUsable", "the Secret deploy needs the keys identity and known_hosts for ssh");
        await SecretAsync(("identity", server.Identity), ("known_hosts", server.KnownHosts), "elsewhere");
        await World.RefusedAsync(good, "SecretNotUsable", $"the Secret deploy is for the host elsewhere, not for {server.Host}");
        await SecretAsync(("identity", server.Identity), ("known_hosts", server.KnownHosts), server.Host);
        await World.ReadyAsync(next);
    }

    private async Task SecretAsync((string Name, string Content) first, (string Name, string Content) second, string host)
    {
        await World.Client.DeleteAsync(Secrets, Deploy, new DeleteOptions(), default);
        await World.Cluster.ApplyAsync(new JsonObject
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
