using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Portcullis.Clients.Registry;
using Portcullis.Core.Repositories;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Repositories.Writes;
using Portcullis.Testing;
using Portcullis.Testing.Registries;

namespace Portcullis.Tests.Repositories;

/// <summary>
/// Pushes and deletions by chance through two writers, while the registry is killed and started again: afterwards no immutable tag has ever named two images, and ledger and
/// registry say the same.
/// </summary>
internal sealed class TagSoakTests
{
    private const int Deeds = 60;
    private const int Hands = 4;
    private static readonly string[] Tags = ["v1", "v2", "v3", "dev", "latest"];

    private static IEnumerable<int> SomeSeeds => Seeds.OrAsked(1, 2);

    [TestCaseSource(nameof(SomeSeeds))]
    [Category("Faults")]
    public async Task Ledger_and_registry_agree_whatever_was_interrupted(int seed)
    {
        await using var world = await RegistryWorld.StartAsync("immutability: {rules: [{tags: ['v*']}]}");
        var writers = new[] { world.Writes, (await world.StartHostAsync()).GetRequiredService<ITagWrites>() };
        var images = Enumerable.Range(1, 6).Select(i => ImageBuilder.Small(i, layers: 1)).ToList();
        foreach (var image in images)
        {
            await image.PushAsync(world.Direct, RegistryWorld.Name);
        }

        var written = new ConcurrentBag<(string Tag, string Digest)>();
        using var stop = new CancellationTokenSource();
        var outages = Task.Run(() => BreakAsync(world, seed, stop.Token));
        await Task.WhenAll(Enumerable.Range(0, Hands).Select(hand => Task.Run(() => WriteAsync(writers, images, new Random((seed * 100) + hand), written))));
        await stop.CancelAsync();
        await outages;

        // A manifest that the registry was killed at is stored again by a push of the same image, as whoever pushed it is told.
        foreach (var image in images.Where(i => written.Any(w => w.Digest == i.Digest)))
        {
            await image.PushAsync(world.Direct, RegistryWorld.Name);
        }

        // What an outage broke is found by the poll that somebody asks for.
        await world.Cluster.Client.MergePatchAsync(
            Repository.Definition, ObjectKey.Cluster("web"), JsonNode.Parse("""{"metadata":{"annotations":{"portcullis.dev/requestedAt":"1"}}}""")!.AsObject(), new WriteOptions("test"), default);
        await AgreesAsync(world, seed);
        foreach (var tag in Tags.Where(t => t[0] == 'v'))
        {
            Assert.That(written.Where(w => w.Tag == tag).Select(w => w.Digest).Distinct().Count(), Is.LessThanOrEqualTo(1), $"seed {seed}: {tag} is immutable");
            if (written.Where(w => w.Tag == tag).Select(w => w.Digest).FirstOrDefault() is { } first)
            {
                Assert.That(await world.DigestAsync(tag), Is.EqualTo(first), $"seed {seed}: {tag} is immutable");
            }
        }
    }

    private static async Task WriteAsync(ITagWrites[] writers, List<BuiltImage> images, Random random, ConcurrentBag<(string Tag, string Digest)> written)
    {
        for (var i = 0; i < Deeds / Hands; i++)
        {
            var (writer, tag, image) = (writers[random.Next(writers.Length)], Tags[random.Next(Tags.Length)], images[random.Next(images.Count)]);
            if (random.Next(5) == 0)
            {
                await writer.DeleteTagAsync(RegistryWorld.Id, tag, "ann", default);
            }
            else if (await writer.PushAsync(new TagPush(RegistryWorld.Id, tag, image.Digest, image.Manifest.MediaType, image.Manifest.Bytes), default) is TagWriteOutcome.Written or TagWriteOutcome.Unchanged)
            {
                written.Add((tag, image.Digest));
            }
        }
    }

    /// <summary>Kills the registry in the middle of whatever it does, again and again.</summary>
    private static async Task BreakAsync(RegistryWorld world, int seed, CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        while (!cancellationToken.IsCancellationRequested)
        {
            await Eventually.ComesAsync(() => Task.FromResult(cancellationToken.IsCancellationRequested), TimeSpan.FromMilliseconds(random.Next(100, 700)));
            await world.Registry.StopAsync(kill: true);
            await world.Registry.StartAgainAsync();
        }
    }

    /// <summary>A tag that docker-registry was killed at cannot be read until it is written again.</summary>
    private static async Task<string?> InRegistryAsync(RegistryWorld world, string tag)
    {
        try
        {
            return await world.DigestAsync(tag);
        }
        catch (RegistryException e)
        {
            return e.Message;
        }
    }

    private static async Task AgreesAsync(RegistryWorld world, int seed)
    {
        IReadOnlyList<string> differences = [];
        var agrees = await Eventually.ComesAsync(async () => (differences = await DifferencesAsync(world)).Count == 0, TimeSpan.FromSeconds(90));
        Assert.That(agrees, Is.True, $"seed {seed}: {string.Join("; ", differences)}");
    }

    private static async Task<IReadOnlyList<string>> DifferencesAsync(RegistryWorld world)
    {
        var differences = new List<string>();
        foreach (var tag in Tags)
        {
            var entry = await world.Ledgers.ReadAsync(RegistryWorld.Id, tag, default);
            var digest = await InRegistryAsync(world, tag);
            if (entry?.Claim is not null)
            {
                differences.Add($"{tag} has an open claim");
            }
            else if (entry?.Digest != digest)
            {
                differences.Add($"{tag} is {entry?.Digest ?? "absent"} in the ledger and {digest ?? "absent"} in the registry");
            }

            if (entry?.PushedPastGateway == true)
            {
                differences.Add($"{tag} is said to be pushed past the gateway");
            }
        }

        return differences;
    }
}
