using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portcullis.Core.Criteria;
using Portcullis.Core.Promotions;
using Portcullis.Core.Repositories;
using Portcullis.Evidence;
using Portcullis.Objects;
using Portcullis.Testing.Registries;
using Portcullis.Tests.Repositories;

namespace Portcullis.Tests.Promotions;

/// <summary>A real docker-registry with the repositories shop/web, shop/live and shop/prod, and the operator's part that promotes from one to the next.</summary>
internal sealed class PromotionSetup : IAsyncDisposable, IImageEvidence
{
    public const string Live = "shop/live";

    private readonly Dictionary<string, ImageEvidence> _evidence = new(StringComparer.Ordinal);

    private PromotionSetup()
    {
    }

    public RegistryWorld World { get; private set; } = null!;

    public static RepositoryId LiveId { get; } = RegistryWorld.Id with { Name = Live };

    /// <param name="live">What stands below the spec of the Repository live, in YAML's flow style.</param>
    public static async Task<PromotionSetup> StartAsync(string live = "")
    {
        var setup = new PromotionSetup();
        setup.World = await RegistryWorld.StartAsync(configure: setup.Configure);
        await setup.World.Cluster.ApplyAsync($$"""
            apiVersion: portcullis.dev/v1alpha1
            kind: Repository
            metadata: {name: live}
            spec: {registry: dtr, name: {{Live}}{{(live.Length == 0 ? "" : ", " + live)}}}
            ---
            apiVersion: portcullis.dev/v1alpha1
            kind: Repository
            metadata: {name: prod}
            spec: {registry: dtr, name: shop/prod}
            """);
        return setup;
    }

    public void Configure(IServiceCollection services) => services.AddSingleton<IImageEvidence>(this);

    /// <summary>Says of an image that it was scanned.</summary>
    public void Scanned(BuiltImage image, int critical = 0)
    {
        lock (_evidence)
        {
            _evidence[image.Digest] = new ImageEvidence { Scan = new ScanEvidence { State = ScanState.Completed, Critical = critical, DatabaseDate = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero) } };
        }
    }

    public ValueTask<ImageEvidence> OfAsync(RepositoryId repository, string digest, CancellationToken cancellationToken)
    {
        lock (_evidence)
        {
            return new ValueTask<ImageEvidence>(_evidence.GetValueOrDefault(digest) ?? ImageEvidence.None);
        }
    }

    /// <param name="name">Of the policy.</param>
    /// <param name="rest">What stands in its spec besides registry, source and target, in YAML's flow style.</param>
    /// <param name="from">Its source.</param>
    /// <param name="to">Its target.</param>
    /// <param name="template">Its tag template.</param>
    public Task DeclareAsync(string name, string rest = "", string from = RegistryWorld.Name, string to = Live, string template = "%n") => World.Cluster.ApplyAsync($$"""
        apiVersion: portcullis.dev/v1alpha1
        kind: PromotionPolicy
        metadata:
          name: {{name}}
          annotations: {portcullis.dev/source-commit: 5f0c0ffee0000000000000000000000000000000, portcullis.dev/source-author: Ann <ann@example.com>, portcullis.dev/source-path: "promo.yaml:1"}
        spec: {registry: dtr, source: {repository: {{from}}}, target: {repository: {{to}}, tagTemplate: "{{template}}"}{{(rest.Length == 0 ? "" : ", " + rest)}}}
        """);

    public async Task<PromotionPolicy> PolicyAsync(string name) =>
        (await World.Cluster.Client.GetAsync(PromotionPolicy.Definition, ObjectKey.Cluster(name), default))!.Deserialize(PromotionPolicy.JsonType)!;

    /// <summary>What a tag of a repository names in the registry; null for nothing.</summary>
    public async Task<string?> DigestAsync(string tag, string repository = Live) => (await World.Direct.Manifests.HeadAsync(repository, tag, default))?.Digest;

    public Task UntilPromotedAsync(string tag, BuiltImage image, string repository = Live) => World.UntilAsync(async () => await DigestAsync(tag, repository) == image.Digest, $"{repository}:{tag} to be promoted");

    /// <summary>Until the promotion is recorded as done; the record.</summary>
    public async Task<TagPromotion> UntilDoneAsync(string tag, string policy)
    {
        TagPromotion? done = null;
        await World.UntilAsync(
            async () => (done = (await World.Ledgers.ReadAsync(RegistryWorld.Id, tag, default))?.Promotions?.FirstOrDefault(p => p.Policy == policy && p.Done == true)) is not null,
            $"the promotion of {tag} by {policy} to be done");
        return done!;
    }

    /// <summary>The policy's decision about a tag, once its status has this one.</summary>
    public async Task<PromotionVerdict> UntilDecidedAsync(string policy, string tag, string decision)
    {
        PromotionVerdict? verdict = null;
        await World.UntilAsync(
            async () => (verdict = (await PolicyAsync(policy)).Status?.Decisions?.FirstOrDefault(d => d.Tag == tag)) is { } decided && decided.Decision == decision, $"{policy} to decide {decision} about {tag}");
        return verdict!;
    }

    /// <summary>The decision records beside an image.</summary>
    public async Task<IReadOnlyList<JsonObject>> RecordsAsync(BuiltImage image, string repository = Live)
    {
        var records = new List<JsonObject>();
        foreach (var referrer in await World.Direct.Referrers.ListAsync(repository, image.Digest, PromotionEvidence.ArtifactType, default))
        {
            var manifest = (await World.Direct.Manifests.GetAsync(repository, referrer.Digest, default))!;
            records.Add((JsonObject)JsonNode.Parse((await World.Direct.Blobs.ReadAsync(repository, manifest.View().Layers[0].Digest, 100_000, default))!)!);
        }

        return records;
    }

    public ValueTask DisposeAsync() => World.DisposeAsync();
}
