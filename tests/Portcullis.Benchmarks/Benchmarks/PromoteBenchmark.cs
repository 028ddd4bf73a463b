using System.Globalization;
using Portcullis.Benchmarks.Measuring;
using Portcullis.Benchmarks.Promoting;
using Portcullis.Clients.Registry.Copying;
using Portcullis.Kubernetes;
using Portcullis.Testing.Registries;

namespace Portcullis.Benchmarks.Benchmarks;

/// <summary>
/// 100 images of 5 layers promoted within one docker-registry: by a policy that the operator reconciles, by the copy alone, by the bare requests, and by
/// other programs. Every round promotes to a repository that is new.
/// </summary>
internal static class PromoteBenchmark
{
    private const int Rounds = 5;

    /// <summary>They take longer than all else together, and their bar is farther away.</summary>
    private const int RoundsOfPeers = 2;

    private const string CopiedCounted = "bench/counted-copy";
    private const string PromotedCounted = "bench/counted-policy";
    private const string Alone = "alone";
    private const string Loop = "loop";
    private const string Tagged = "tagged";
    private const string Done = "done";

    /// <summary>As many images at once as the product has under way.</summary>
    private static readonly int AtOnce = new KubernetesOptions().ParallelRequests;

    public static async Task<IReadOnlyList<Bar>> RunAsync()
    {
        if (DockerRegistry.Missing is { } missing)
        {
            return [Bar.Missing("promote", missing)];
        }

        await using var ground = await PromotionGround.StartAsync();
        await using var program = await PromotingOperator.StartAsync(
            ground, [(PromotingOperator.Counted, PromotedCounted), .. Enumerable.Range(0, Rounds + 1).Select(r => (PromotingOperator.Straight, TargetOf(r)))]);
        var counted = await CountAsync(ground, program);
        var times = new Dictionary<string, Samples>(StringComparer.Ordinal);

        // The first round is nobody's: machine code is made, and skopeo learns where blobs are.
        for (var round = 0; round <= Rounds; round++)
        {
            var timed = await RoundAsync(ground, program, round);
            foreach (var (name, time) in timed.Where(_ => round > 0))
            {
                times.TryAdd(name, new Samples());
                times[name].Add(time);
            }
        }

        return [.. counted, .. Walls(times)];
    }

    private static async Task<IReadOnlyList<Bar>> CountAsync(PromotionGround ground, PromotingOperator program)
    {
        var copy = await ground.Relay.CountAsync(() => CopyAsync(ground, ground.Relay.Address, CopiedCounted, false));
        var again = await ground.Relay.CountAsync(() => CopyAsync(ground, ground.Relay.Address, CopiedCounted, false));
        var policy = await ground.Relay.CountAsync(() => PromoteAsync(program, PromotingOperator.Counted, PromotedCounted, "v"));
        var policyAgain = await ground.Relay.CountAsync(() => PromoteAsync(program, PromotingOperator.Counted, PromotedCounted, "v0"));
        await program.ForgetAsync(PromotedCounted);
        var (asked, repeated) = (policy.Purposes(PromotedCounted, ground.Digests), policyAgain.Purposes(PromotedCounted, ground.Digests));
        var most = PromotionGround.BlobsOfImage + 3;
        return
        [
            Bar.AtMost("promote: requests of a copy", PerImage(copy.Requests.Count), most, ""),
            Bar.AtMost("promote: requests by a policy", PerImage(asked.Copy), most, "", $"and {PerImage(asked.Referrers):0.##} for referrers, {PerImage(asked.Record):0.##} for the decision record"),
            Bar.AtMost("promote: bytes of a copy, in manifests", PerImage(copy.Bytes) / ground.ManifestBytes, 10, "x", $"{PerImage(copy.Up):0} up and {PerImage(copy.Down):0} down, headers included; a manifest has {ground.ManifestBytes}"),
            Bar.AtMost("promote: requests of a copy that is there", PerImage(again.Requests.Count), 1, ""),
            Bar.AtMost("promote: requests by a policy for what is there", PerImage(repeated.Copy), 1, "", $"and {PerImage(repeated.Referrers):0.##} for referrers, {PerImage(repeated.Record):0.##} for the decision record"),
        ];
    }

    private static async Task<Dictionary<string, TimeSpan>> RoundAsync(PromotionGround ground, PromotingOperator program, int round)
    {
        var number = round.ToString(CultureInfo.InvariantCulture);
        var target = TargetOf(round);
        var started = TimeProvider.System.GetTimestamp();
        await program.PromoteAsync(PromotingOperator.Straight, target);
        await ground.UntilTaggedAsync(target);
        var times = new Dictionary<string, TimeSpan>(StringComparer.Ordinal) { [Tagged] = TimeProvider.System.GetElapsedTime(started) };
        await program.UntilDoneAsync(target);
        times[Done] = TimeProvider.System.GetElapsedTime(started);
        await program.ForgetAsync(target);

        times[Alone] = await BenchmarkRun.TimeAsync(() => CopyAsync(ground, ground.Registry.Address, $"bench/copy-{number}", true));
        using (var loop = new RequestLoop(ground.Registry.Address))
        {
            times[Loop] = await BenchmarkRun.TimeAsync(() => loop.CopyAsync(ground.Tags, PromotionGround.Source, $"bench/loop-{number}", AtOnce));
        }

        foreach (var (i, peer) in CopyPeer.All.Index().Where(p => p.Item.IsThere && round <= RoundsOfPeers))
        {
            // One repository a folder: skopeo sync keeps the source's last name.
            var to = $"bench/peer-{number}-{BenchmarkRun.Number(i)}/source";
            times[peer.Name] = await BenchmarkRun.TimeAsync(() => peer.CopyAsync(ground.Registry.Address, ground.Tags, PromotionGround.Source, to));
            await ground.UntilTaggedAsync(to);
        }

        return times;
    }

    private static IEnumerable<Bar> Walls(Dictionary<string, Samples> times)
    {
        var behind = $"copy {times[Alone].Text()}, policy {times[Tagged].Text()}, with decision records {times[Done].Text()}, bare requests {times[Loop].Text()}";
        yield return Bar.AtMost("promote: copy vs bare requests", times[Alone].Median / times[Loop].Median, 1.15, "x", behind);
        var peers = CopyPeer.All.Where(p => times.ContainsKey(p.Name)).OrderBy(p => times[p.Name].Median).ToList();
        var absent = string.Concat(CopyPeer.All.Where(p => !p.IsThere).Select(p => $", {p.Name} is not here"));
        if (peers is not [var best, ..])
        {
            yield return Bar.Missing("promote: vs the best peer", "neither skopeo nor crane nor oras is installed");
            yield break;
        }

        var floor = string.Create(CultureInfo.InvariantCulture, $"; bare requests take {times[Loop].Median / times[best.Name].Median:0.##} of {best.Name}");
        var others = string.Join(", ", peers.Select(p => $"{p.Name} {times[p.Name].Text()}")) + absent + floor;
        yield return Bar.AtMost($"promote: copy vs {best.Name}", times[Alone].Median / times[best.Name].Median, 0.6, "x", others);
        yield return Bar.AtMost($"promote: policy vs {best.Name}", times[Tagged].Median / times[best.Name].Median, 0.6, "x");
    }

    /// <summary>
    /// With <paramref name="isNew"/> as a policy copies: it knows that the target has no such tag, and stores each image under its digest before its tag.
    /// </summary>
    private static async Task CopyAsync(PromotionGround ground, Uri registry, string target, bool isNew)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false };
        var client = ground.Registry.Client(registry, handler: handler);
        var copy = new ImageCopy(client, isNew ? new StoredBeforeNamed(client.Manifests) : null);
        await Parallel.ForEachAsync(ground.DigestOfTag, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (image, token) =>
        {
            var request = new CopyRequest
            {
                SourceRepository = PromotionGround.Source, SourceReference = image.Value, TargetRepository = target, TargetTag = image.Key, TargetDiffers = isNew,
            };
            _ = await copy.CopyAsync(request, token) ?? throw new InvalidOperationException($"{image.Value} is not there");
        });
    }

    private static async Task PromoteAsync(PromotingOperator program, string registry, string target, string prefix)
    {
        await program.PromoteAsync(registry, target, prefix);
        await program.UntilDoneAsync(target);
    }

    /// <summary>Where to the policy of a round promotes.</summary>
    private static string TargetOf(int round) => $"bench/policy-{BenchmarkRun.Number(round)}";

    private static double PerImage(double total) => total / PromotionGround.Images;
}
