using System.Text.Json.Nodes;
using Portcullis.Core;
using Portcullis.Core.Sources;
using Portcullis.Kubernetes.Client;
using Portcullis.Kubernetes.Connection;
using Portcullis.Testing;
using Portcullis.Testing.Faults;
using Portcullis.Testing.Git;
using Portcullis.Tests.Soaks;

namespace Portcullis.Tests.Sources;

/// <summary>One seed's world.</summary>
internal sealed class SoakRun : IAsyncDisposable
{
    private const string TeamScope = "  scope: {kinds: [ConfigMap], namespaces: [work]}\n";
    private static readonly WriteOptions Hand = new("kubectl-edit");

    private readonly SoakDriver _driver;
    private readonly Random _random;
    private readonly SourceWorld _world;
    private readonly FaultProxy _proxy;
    private readonly SoakFaults _faults;
    private readonly GitWorkspace _teamGit = new();
    private readonly List<SoakRepository> _repositories;
    private readonly HashSet<string> _suspended = [];
    private int _requests;

    private SoakRun(int seed, SourceWorld world, FaultProxy proxy)
    {
        _driver = new SoakDriver(seed);
        _random = _driver.Random;
        _world = world;
        _proxy = proxy;
        _faults = new SoakFaults(proxy.Faults, seed, SourceFaults.Choose);
        _repositories = [new SoakRepository(world.Git, _random, isRoot: true), new SoakRepository(_teamGit, _random, isRoot: false)];
    }

    private SoakRepository AnyRepository => _repositories[_random.Next(3) == 0 ? 1 : 0];

    public static async Task<SoakRun> StartAsync(int seed)
    {
        var world = await SourceWorld.StartAsync(running: false);
        var server = world.Cluster.Embedded!;
        return new SoakRun(seed, world, await FaultProxy.StartAsync(server.Address, server.CaCertificatePem));
    }

    public async Task RunAsync(int operations)
    {
        await StartOperatorAsync();
        foreach (var repository in _repositories)
        {
            Note(repository.Change(10));
            await SourceAsync(repository);
        }

        _faults.Begin();
        await _driver.RunAsync(operations, hands: 1, longestPause: 1, Choose);
        _faults.End();
        _proxy.Faults.CutOpen(r => r.IsWatch);
        await FinishAsync();
        await _driver.ConvergesAsync("after the last commits", DifferencesAsync);
        await _driver.RestsAsync(WritesOfVisitsAsync);
        await _driver.ConvergesAsync("after visits that had nothing to do", DifferencesAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _world.StopOperatorAsync();
        await _proxy.DisposeAsync();
        await _world.DisposeAsync();
        _teamGit.Dispose();
    }

    private Deed Choose()
    {
        var deed = ChooseUnchecked();
        return deed with
        {
            DoAsync = async () =>
            {
                await deed.DoAsync();
                await NothingWrongInForceAsync();
            },
        };
    }

    private Deed ChooseUnchecked()
    {
        var repository = AnyRepository;
        return _random.Next(100) switch
        {
            < 30 => Commit(repository, () => repository.Change(1 + _random.Next(5))),
            < 34 => Commit(repository, repository.Break),
            < 37 => Commit(repository, repository.Rewrite),
            < 44 => new Deed($"{repository.Name}: its head is approved", () => SourceAsync(repository, approve: true)),
            < 47 => new Deed($"{repository.Name}: suspended or resumed", () => SuspendAsync(repository)),
            < 50 => new Deed($"{repository.Name}: reconcile now", () => RequestAsync(repository)),
            < 70 => new Deed($"{repository.Name}: an object is changed by hand", () => TouchAsync(repository)),
            < 73 => new Deed("the operator is started again", RestartAsync),
            < 76 => Sync("some watches are cut", () => _proxy.Faults.CutOpen(r => r.IsWatch && _faults.Next(2) == 0)),
            _ => new Deed("the operator works", LetItWorkAsync),
        };
    }

    private Deed Commit(SoakRepository repository, Func<string> act) => Sync($"{repository.Name}: a commit", () => Note($"{repository.Name}: {act()}"));

    private static Deed Sync(string what, Action act) => new(what, () =>
    {
        act();
        return Task.CompletedTask;
    });

    /// <summary>Lets the operator get so far that it makes some more requests, if it has any to make.</summary>
    private async Task LetItWorkAsync()
    {
        var enough = _proxy.Faults.Writes + _random.Next(1, 15);

        // It may have nothing to do.
        await Eventually.ComesAsync(() => Task.FromResult(_proxy.Faults.Writes >= enough), TimeSpan.FromSeconds(0.5));
    }

    private async Task TouchAsync(SoakRepository repository)
    {
        var one = repository.Objects[_random.Next(repository.Objects.Count)];
        try
        {
            switch (_random.Next(6))
            {
                case 0 or 1:
                    Note($"deletes {one.Entry}");
                    await _world.Client.DeleteAsync(one.Resource, one.Key, new DeleteOptions { PropagationPolicy = "Background" }, default);
                    break;
                case 2:
                    Note($"takes the label off {one.Entry}");
                    await LabelAsync(one, WellKnown.Labels.Source, null);
                    break;
                case 3:
                    Note($"gives {one.Entry} to nobody");
                    await LabelAsync(one, WellKnown.Labels.Source, "nobody");
                    break;
                case 4:
                    Note($"spoils the digest of {one.Entry}");
                    await PatchAsync(one, new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [WellKnown.Annotations.SourceDigest] = "x" } } });
                    break;
                default:
                    Note($"edits {one.Entry}");
                    await PatchAsync(one, Edit(one));
                    break;
            }
        }
        catch (KubernetesApiException e) when (e.IsNotFound || e.IsConflict || (int)e.StatusCode == 422)
        {
            Note($"  which does not go: {e.Message}");
        }
    }

    private static JsonObject Edit(SoakObject one) => one.Resource.Kind switch
    {
        "ConfigMap" => new JsonObject { ["data"] = new JsonObject { ["key"] = "hand" } },
        "Widget" => new JsonObject { ["spec"] = new JsonObject { ["size"] = -1, ["tags"] = new JsonArray("hand") } },
        "Organization" => new JsonObject { ["spec"] = new JsonObject { ["users"] = new JsonArray(new JsonObject { ["name"] = "mallory" }) } },
        "AccessRole" => new JsonObject { ["spec"] = new JsonObject { ["operations"] = new JsonArray(new JsonObject { ["name"] = "Container Start" }) } },
        "Collection" => new JsonObject { ["spec"] = new JsonObject { ["path"] = "/hand" } },
        _ => new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["hand"] = "1", [WellKnown.Labels.Source] = null } } },
    };

    private Task<JsonObject> LabelAsync(SoakObject one, string label, string? value) =>
        PatchAsync(one, new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [label] = value } } });

    private Task<JsonObject> PatchAsync(SoakObject one, JsonObject patch) => _world.Client.MergePatchAsync(one.Resource, one.Key, patch, Hand, default);

    private async Task SuspendAsync(SoakRepository repository)
    {
        if (!_suspended.Add(repository.Name))
        {
            _suspended.Remove(repository.Name);
        }

        await SourceAsync(repository);
    }

    private async Task RequestAsync(SoakRepository repository)
    {
        var value = $"{++_requests:000000}";
        Note($"{repository.Name}: reconcile now ({value})");
        await _world.Client.MergePatchAsync(
            GitSource.Definition,
            Objects.ObjectKey.Cluster(repository.Name),
            new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [WellKnown.Annotations.RequestedAt] = value } } },
            Hand,
            default);
    }

    private Task SourceAsync(SoakRepository repository, bool approve = false)
    {
        var isSuspended = _suspended.Contains(repository.Name);
        Note($"{repository.Name}: {(isSuspended ? "suspended" : "running")}{(approve ? $", {repository.Head[..8]} is approved" : "")}");
        return _world.SourceAsync(
            repository.Name,
            $"  prune: {{maxCount: 2}}\n{(repository.Name == SourceWorld.Root ? "" : TeamScope)}{(isSuspended ? "  suspend: true\n" : "")}",
            approve ? $"{WellKnown.Annotations.Approve}: {repository.Head}" : "",
            repository.Git.Folder);
    }

    private async Task RestartAsync()
    {
        var killed = _random.Next(2) == 0;
        Note(killed ? "the operator is killed" : "the operator restarts");
        _faults.Away(killed);
        await _world.StopOperatorAsync();
        _faults.Away(false);
        await StartOperatorAsync();
    }

    private Task StartOperatorAsync() =>
        _world.StartOperatorAsync(connection: new KubernetesConnection { Server = _proxy.Address, Credentials = _world.Cluster.Connection.Credentials });

    private async Task NothingWrongInForceAsync()
    {
        foreach (var repository in _repositories)
        {
            var status = (await _world.GetSourceAsync(repository.Name)).Status;
            foreach (var revision in new[] { status?.InForceRevision, status?.LastAppliedRevision }.OfType<string>())
            {
                if (repository.Invalid.Contains(revision[(revision.IndexOf(':', StringComparison.Ordinal) + 1)..]))
                {
                    _driver.Fail($"a wrong commit of {repository.Name} is in force", [revision]);
                }
            }
        }
    }

    /// <summary>The last commits: valid, approved, and without an object in both.</summary>
    private async Task FinishAsync()
    {
        _suspended.Clear();
        foreach (var repository in _repositories)
        {
            var shared = repository.Name == SourceWorld.Root ? "shared-0" : "shared-1";
            Note($"{repository.Name}: at last {repository.Change(2, o => !o.Name.StartsWith("shared-", StringComparison.Ordinal) || o.Name == shared)}");
            await SourceAsync(repository, approve: true);
        }
    }

    private Task<IReadOnlyList<string>> DifferencesAsync() => SoakCheck.DifferencesAsync(_world, _repositories);

    /// <summary>A forced visit writes that it was made, and nothing else.</summary>
    private async Task<IReadOnlyList<string>> WritesOfVisitsAsync()
    {
        await VisitAllAsync();
        var before = _proxy.Faults.Seen.Count;
        await VisitAllAsync();
        var writes = _proxy.Faults.Seen.Skip(before).Where(r => r.IsWrite).Select(r => $"{r.Method} {r.Path}").Order(StringComparer.Ordinal).ToList();
        var wanted = _repositories.Select(r => $"PATCH /apis/portcullis.dev/v1alpha1/gitsources/{r.Name}/status").Order(StringComparer.Ordinal);
        return writes.SequenceEqual(wanted) ? [] : ["written:", .. writes];
    }

    private async Task VisitAllAsync()
    {
        foreach (var repository in _repositories)
        {
            await RequestAsync(repository);
            var value = $"{_requests:000000}";
            await _world.StatusAsync(s => s.Status!.LastHandledReconcileAt == value, repository.Name);
        }
    }

    private void Note(string operation) => _driver.Note(operation);
}
