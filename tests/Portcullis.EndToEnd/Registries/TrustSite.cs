using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Clients.Notary;
using Portcullis.Core.Trust;
using Portcullis.Core.Trust.Tuf;
using Portcullis.EndToEnd.Clusters;
using Portcullis.EndToEnd.Programs;
using Portcullis.Testing;
using Portcullis.Testing.Faults;
using Portcullis.Testing.Notaries;
using Portcullis.Trust.Keys;

namespace Portcullis.EndToEnd.Registries;

/// <summary>The operator as a process with the rights of config/, before a real notary-server: what it writes to the API and to the server passes proxies that can kill it.</summary>
internal sealed class TrustSite : IAsyncDisposable
{
    private const string Host = "dtr.example.com";
    private const string KeyNamespace = "portcullis-trust";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly OperatorWorld _world;
    private readonly NotaryServer _server;
    private readonly FaultProxy _proxy;
    private readonly NotaryClientProgram _ci;
    private readonly string _certificate;
    private int _number;

    private TrustSite(OperatorWorld world, NotaryServer server, FaultProxy proxy)
    {
        (_world, _server, _proxy) = (world, server, proxy);
        _ci = new NotaryClientProgram(server.Address);
        (KeyFile, _certificate) = _ci.NewKeyPair("ci");
    }

    private string KeyFile { get; }

    /// <summary>How many the operator has sent.</summary>
    private int Publications => _proxy.Faults.Seen.Count(IsPublication);

    public static async Task<TrustSite> StartAsync()
    {
        var (world, server) = (await OperatorWorld.StartAsync(), await NotaryServer.StartAsync());
        var site = new TrustSite(world, server, await FaultProxy.StartAsync(server.Address));
        foreach (var name in new[] { "root", "targets" })
        {
            using var key = TrustSigningKey.Create();
            await world.Cluster.ApplyAsync(site.Secret(name, NotaryKeyFile.Write(key, "a passphrase", name, null)));
        }

        await site._ci.ImportAsync(site.KeyFile, "releases");
        world.Git.Write("registry.yaml", $$"""
            apiVersion: portcullis.dev/v1alpha1
            kind: Registry
            metadata: {name: dtr}
            spec: {host: {{Host}}, upstream: {url: "http://127.0.0.1:1"}, notary: {url: "{{site._proxy.Address.AbsoluteUri}}"}, egress: [127.0.0.1]}
            """);
        world.Commit("A registry with a Notary server");
        return site;
    }

    public PortcullisProcess StartOperator() => _world.StartOperator("--apply-crds");

    /// <summary>One that has no trust data, and that Git does not declare yet.</summary>
    public string NewRepository() => string.Create(CultureInfo.InvariantCulture, $"shop/r{++_number}");

    /// <summary>Commits the repository and its delegations, for all of which the CI signs.</summary>
    public void Declare(string repository, params string[] roles)
    {
        var (name, certificate) = (NameOf(repository), JsonSerializer.Serialize(File.ReadAllText(_certificate)));
        _world.Git.Write($"{name}.yaml", $$"""
            apiVersion: portcullis.dev/v1alpha1
            kind: Repository
            metadata: {name: {{name}} }
            spec: {registry: dtr, name: {{repository}} }
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: TrustDelegation
            metadata: {name: {{name}} }
            spec:
              registry: dtr
              repositories: [{{repository}}]
              root: {keySecretRef: {name: root} }
              targets: {keySecretRef: {name: targets} }
              roles: [{{string.Join(", ", roles.Select(r => $"{{name: targets/{r}, signers: [{{certificate: {certificate}}}]}}"))}}]
            """);
        _world.Commit($"Trust of {repository}");
    }

    /// <summary>Kills the program at its next publication, or at the status that reports it; completes then.</summary>
    public async Task KillAt(bool publishing, KillMoment moment, PortcullisProcess program)
    {
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var published = Publications;
        (publishing ? _proxy : _world.Proxy).Faults.KillAt(
            r => publishing ? IsPublication(r) : r.IsWrite && r.Path.Contains("/trustdelegations/", StringComparison.Ordinal) && r.Path.EndsWith("/status", StringComparison.Ordinal) && Publications > published,
            1,
            moment,
            () =>
            {
                program.Kill();
                killed.TrySetResult();
            });
        await killed.Task.WaitAsync(Patience);
    }

    /// <summary>Until the status says that the server has so many delegations as declared; the versions of root, targets, snapshot and timestamp.</summary>
    public async Task<string> UntilPublishedAsync(string repository, int roles, PortcullisProcess program)
    {
        RepositoryTrustStatus? status = null;
        var comes = await Eventually.ComesAsync(
            async () =>
            {
                var found = (await _world.Cluster.Client.GetAsync(TrustDelegation.Definition, ObjectKey.Cluster(NameOf(repository)), default))?.Deserialize(TrustJsonContext.Default.TrustDelegation);
                status = found?.Status?.Repositories is [var first, ..] ? first : null;
                return status is { State: nameof(TrustState.Published) } && status.RoleCount == roles && found?.Status?.ObservedGeneration == found?.Metadata.Generation;
            },
            Patience);
        return comes ? status!.Versions! : throw new TimeoutException($"{repository}: {status}\n{program.Output}\n{program.Error}");
    }

    /// <summary>As the server has them, in the order of their names.</summary>
    public async Task<IReadOnlyList<string>> DelegationsAsync(string repository)
    {
        var targets = await _server.Client().GetAsync($"{Host}/{repository}", MetadataName.Latest(RoleNames.Targets), RoleLimits.TargetsLength, default);
        return [.. RoleReader.Targets(RoleNames.Targets, Envelope.Read(targets).Signed.Span).Delegations.Select(d => d.Name).Order(StringComparer.Ordinal)];
    }

    public Task SignAsync(string repository, string tag) =>
        _ci.SignAsync($"{Host}/{repository}", tag, $"sha256:{Convert.ToHexStringLower(SHA256.HashData("an image"u8))}", 1234, "targets/releases");

    /// <summary>What a client that has never seen the repository lists.</summary>
    public async Task<string> TagsAsync(string repository)
    {
        using var fresh = new NotaryClientProgram(_server.Address);
        return (await fresh.RunAsync("list", $"{Host}/{repository}")).Succeeded();
    }

    public async ValueTask DisposeAsync()
    {
        _ci.Dispose();
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
        await _world.DisposeAsync();
    }

    private static bool IsPublication(SeenRequest request) => request.Method == "POST" && request.Path.EndsWith("/_trust/tuf/", StringComparison.Ordinal);

    private static string NameOf(string repository) => repository.Replace('/', '-');

    private JsonObject Secret(string name, string key) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Secret",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = KeyNamespace, ["labels"] = new JsonObject { ["portcullis.dev/allowed-source"] = _world.Root } },
        ["stringData"] = new JsonObject { ["key"] = key, ["passphrase"] = "a passphrase" },
    };
}
