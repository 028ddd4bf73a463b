using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portcullis.Clients.Registry;
using Portcullis.Core.Attestations;
using Portcullis.Core.Criteria;
using Portcullis.Core.Promotions;
using Portcullis.Core.Repositories;
using Portcullis.Evidence;
using Portcullis.Objects;
using Portcullis.Repositories.Writes;
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

    /// <summary>The operator's evidence key.</summary>
    public EvidenceKey Key { get; private set; } = null!;

    public static RepositoryId LiveId { get; } = RegistryWorld.Id with { Name = Live };

    /// <param name="live">What stands below the spec of the Repository live, in YAML's flow style.</param>
    /// <param name="hasKey">Whether the operator has an evidence key.</param>
    public static async Task<PromotionSetup> StartAsync(string live = "", bool hasKey = true)
    {
        var setup = new PromotionSetup();
        setup.World = await RegistryWorld.StartAsync(configure: setup.Configure);
        if (hasKey)
        {
            var pem = EvidenceKey.NewPem();
            setup.Key = EvidenceKey.Of(pem)!;
            await setup.World.Cluster.ApplyAsync($$"""
                apiVersion: v1
                kind: Secret
                metadata: {name: {{EvidenceKeys.Secret}}, namespace: portcullis-system}
                data: { {{EvidenceKeys.KeyName}}: {{Convert.ToBase64String(Encoding.UTF8.GetBytes(pem))}} }
                """);
        }

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

    public ValueTask<ImageEvidence> OfAsync(RepositoryId repository, string digest, EvidenceNeeds needs, CancellationToken cancellationToken)
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

    /// <summary>What the decision records beside an image say, each of them signed by the operator.</summary>
    public async Task<IReadOnlyList<JsonObject>> RecordsAsync(BuiltImage image, string repository = Live)
    {
        var records = new List<JsonObject>();
        foreach (var referrer in await World.Direct.Referrers.ListAsync(repository, image.Digest, PromotionEvidence.ArtifactType, default))
        {
            var statement = await AttachedDocuments.VerifiedAsync(World.Direct, LiveId with { Name = repository }, referrer.Digest, Key, default);
            Assert.That(statement?.IsAbout(image.Digest), Is.True, "a record that the operator did not sign");
            records.Add((JsonObject)statement!.Predicate);
        }

        return records;
    }

    /// <summary>Attaches a record past the gateway, signed by some key.</summary>
    public Task ForgeAsync(BuiltImage image, EvidenceKey by, PromotionEvidence says) => AttachRecordAsync(
        image, DsseEnvelope.MediaType, by.Sign(InTotoStatement.PayloadType, says.ToStatement($"dtr.example.com/{Live}").ToBytes()).ToBytes(), says.Decision);

    /// <summary>Attaches a document to an image of the source, as a signer does.</summary>
    public Task SignAsync(BuiltImage image, string signature, string type = "application/vnd.example.signature") => new AttachedArtifact(
        new ImageDescriptor { MediaType = image.Manifest.MediaType, Digest = image.Digest, Size = image.Manifest.Bytes.Length }, type, "text/plain", Encoding.UTF8.GetBytes(signature))
        .AttachAsync(World.Direct, RegistryWorld.Name, new ReferrerTags(World.Writes, "dtr"), default);

    /// <summary>The types of what is attached to an image.</summary>
    public async Task<IReadOnlyList<string>> AttachedAsync(BuiltImage image, string repository = Live) =>
        [.. (await World.Direct.Referrers.ListAsync(repository, image.Digest, null, default)).Select(r => r.ArtifactType!).Order(StringComparer.Ordinal)];

    /// <summary>Attaches any document in the place of a record past the gateway.</summary>
    public Task AttachRecordAsync(BuiltImage image, string mediaType, byte[] content, string decision) =>
        new AttachedArtifact(
            new ImageDescriptor { MediaType = image.Manifest.MediaType, Digest = image.Digest, Size = image.Manifest.Bytes.Length }, PromotionEvidence.ArtifactType, mediaType, content)
        {
            Annotations = new Dictionary<string, string> { [PromotionEvidence.DecisionAnnotation] = decision },
        }.AttachAsync(World.Direct, Live, new ReferrerTags(World.Writes, "dtr"), default);

    public ValueTask DisposeAsync() => World.DisposeAsync();
}
