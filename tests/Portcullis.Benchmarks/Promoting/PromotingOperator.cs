using System.Text.Json.Nodes;
using Portcullis.Benchmarks.Programs;
using Portcullis.Core.Promotions;
using Portcullis.Core.Registries;
using Portcullis.Core.Repositories;
using Portcullis.Kubernetes.Client;
using Portcullis.Testing;

namespace Portcullis.Benchmarks.Promoting;

/// <summary>The program's operator on an API of its own, with the ground's registry declared twice: as it is, and through the relay that counts.</summary>
internal sealed class PromotingOperator : IAsyncDisposable
{
    public const string Straight = "straight";
    public const string Counted = "counted";
    private static readonly WriteOptions Write = new("benchmark");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Bench _bench;
    private readonly BuiltProgram _program;

    private PromotingOperator(Bench bench)
    {
        _bench = bench;
        _program = bench.StartTryingOperator();
    }

    /// <summary>Declares in Git what is needed, and returns once the ledger has what is in the registry.</summary>
    /// <param name="ground">The registry.</param>
    /// <param name="targets">Empty repositories by the registry's name.</param>
    public static async Task<PromotingOperator> StartAsync(PromotionGround ground, IReadOnlyList<(string Registry, string Repository)> targets)
    {
        var started = new PromotingOperator(await Bench.StartAsync());
        try
        {
            await started.DeclareAsync(ground, [.. new[] { Straight, Counted }.Select(r => (r, PromotionGround.Source)), .. targets]);
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>Declares, or changes, the policy that promotes every image of the source to a repository.</summary>
    /// <param name="registry">The Registry's name.</param>
    /// <param name="target">Where to.</param>
    /// <param name="prefix">What every tag of the source begins with. Another one makes another generation of the policy, which decides anew.</param>
    public Task PromoteAsync(string registry, string target, string prefix = "v") => ApplyAsync(PromotionPolicy.Definition, PolicyOf(target), new JsonObject
    {
        ["registry"] = registry,
        ["source"] = new JsonObject { ["repository"] = PromotionGround.Source },
        ["target"] = new JsonObject { ["repository"] = target },
        ["applyTo"] = "Existing",
        ["criteria"] = new JsonArray((JsonNode)new JsonObject { ["field"] = "Tag", ["operator"] = "StartsWith", ["values"] = new JsonArray(prefix) }),
    });

    /// <summary>Until the policy says, as of its present generation, that all are promoted: decision records are written then.</summary>
    public Task UntilDoneAsync(string target) => Eventually.HoldsAsync(
        async () =>
        {
            var policy = await _bench.Client.GetAsync(PromotionPolicy.Definition, ObjectKey.Cluster(PolicyOf(target)), CancellationToken.None);
            return policy?["status"] is { } status
                && status["observedGeneration"]?.GetValue<long>() == policy["metadata"]!["generation"]!.GetValue<long>()
                && status["promoted"]?.GetValue<int>() == PromotionGround.Images;
        },
        Patience,
        $"the policy on {target} to be done");

    /// <summary>Takes the policy away, so that later rounds are not its business.</summary>
    public async Task ForgetAsync(string target)
    {
        var key = ObjectKey.Cluster(PolicyOf(target));
        await _bench.Client.DeleteAsync(PromotionPolicy.Definition, key, new DeleteOptions(), CancellationToken.None);
        await Eventually.HoldsAsync(async () => await _bench.Client.GetAsync(PromotionPolicy.Definition, key, CancellationToken.None) is null, Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        await _bench.DisposeAsync();
    }

    private async Task DeclareAsync(PromotionGround ground, IReadOnlyList<(string Registry, string Repository)> repositories)
    {
        await _bench.DeclareAsync("registry", [
            RegistryOf(Straight, ground.Registry.Address),
            RegistryOf(Counted, ground.Relay.Address),
            .. repositories.Select(r => RepositoryOf(r.Registry, r.Repository)),
        ]);
        foreach (var (registry, repository) in repositories)
        {
            var tags = repository == PromotionGround.Source ? PromotionGround.Images : 0;
            await Eventually.HoldsAsync(
                async () => (await StatusAsync(Repository.Definition, NameOf(registry, repository)))?["tags"]?.GetValue<int>() == tags, Patience, $"{repository} in {registry} to have {tags} tags");
        }
    }

    private static string PolicyOf(string target) => target.Replace('/', '-');

    private async Task<JsonNode?> StatusAsync(ApiResource resource, string name) =>
        (await _bench.Client.GetAsync(resource, ObjectKey.Cluster(name), CancellationToken.None))?["status"];

    private static JsonObject RegistryOf(string name, Uri address) => Object(Registry.Definition, name, new JsonObject
    {
        ["host"] = $"{name}.example.com",
        ["upstream"] = new JsonObject { ["url"] = address.AbsoluteUri },
        ["pollInterval"] = "24h",
    });

    /// <summary>Not scanned: the reading of images for a scan would be counted as requests of a promotion.</summary>
    private static JsonObject RepositoryOf(string registry, string repository) =>
        Object(Repository.Definition, NameOf(registry, repository), new JsonObject { ["registry"] = registry, ["name"] = repository, ["scanOnPush"] = false });

    private static string NameOf(string registry, string repository) => $"{registry}-{repository.Replace('/', '-')}";

    private Task<JsonObject> ApplyAsync(ApiResource resource, string name, JsonObject spec) => _bench.Client.ApplyAsync(resource, Object(resource, name, spec), Write, CancellationToken.None);

    private static JsonObject Object(ApiResource resource, string name, JsonObject spec) => new()
    {
        ["apiVersion"] = resource.ApiVersion,
        ["kind"] = resource.Kind,
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = spec,
    };
}
