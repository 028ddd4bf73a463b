using System.Collections.Concurrent;
using System.Globalization;
using Portcullis.Core.Promotions;
using Portcullis.EndToEnd.Programs;
using Portcullis.Testing;
using Portcullis.Testing.Faults;
using Portcullis.Testing.Registries;

namespace Portcullis.EndToEnd.Registries;

/// <summary>
/// The operator is killed before and after each write of a promotion: the decision, the copy, the claim, the tag, the notification, the decision record, the mark that it is done.
/// Started again, it ends what it began: one tag in the target, one record beside it, one notification.
/// </summary>
[TestFixture]
[NonParallelizable]
[Category("Faults")]
internal sealed class PromotionCrashPointTests
{
    private const int LongestMilliseconds = 30 * 60_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Test]
    [CancelAfter(LongestMilliseconds)]
    public async Task A_kill_at_any_write_of_a_promotion_promotes_once_in_the_end()
    {
        if (DockerRegistry.Missing is { } reason)
        {
            Assert.Ignore(reason);
        }

        await using var site = await RegistrySite.StartAsync();
        await using var gateway = site.StartGateway();
        var running = site.StartOperator();
        try
        {
            await site.UntilReadyAsync(running, gateway);
            await PromoteAsync(site, "t-first", ImageBuilder.Small(10_000));
            await EndsAsync(site, "t-first", ImageBuilder.Small(10_000));
            site.OperatorProxy.Faults.Reset();
            site.RegistryProxy.Faults.Reset();
            await PromoteAsync(site, "t-reference", ImageBuilder.Small(10_001));
            await EndsAsync(site, "t-reference", ImageBuilder.Small(10_001));
            var points = RegistryPoint.Of(site.OperatorProxy.Faults.Seen.Concat(site.RegistryProxy.Faults.Seen).Select(NameOf).OfType<string>());
            Assert.That(points, Has.Count.GreaterThan(20));

            var unreached = new ConcurrentBag<RegistryPoint>();
            var number = 0;
            await CrashPoints.TryEachAsync(points, 1, async point =>
            {
                var (tag, image) = (string.Create(CultureInfo.InvariantCulture, $"t{++number}"), ImageBuilder.Small(number));
                var killed = point.Arm([site.OperatorProxy, site.RegistryProxy], RegistrySite.Live, running);
                await PromoteAsync(site, tag, image);
                await EndsAsync(site, tag, image, killed);
                if (!killed.IsCompleted)
                {
                    unreached.Add(point);
                    site.OperatorProxy.Faults.Reset();
                    site.RegistryProxy.Faults.Reset();
                    return;
                }

                await running.DisposeAsync();
                running = site.StartOperator();
                await EndsAsync(site, tag, image);
            });
            await TestContext.Out.WriteLineAsync($"{points.Count} points; not reached: {string.Join(", ", unreached)}");
            Assert.That(unreached.Where(p => p.Nth == 1), Is.Empty, "every promotion makes these writes");
        }
        finally
        {
            await running.DisposeAsync();
        }
    }

    private static string? NameOf(SeenRequest request) => RegistryPoint.NameOf(request, RegistrySite.Live);

    private static Task PromoteAsync(RegistrySite site, string tag, BuiltImage image) =>
        RegistrySite.UntilDoneAsync(() => image.PushAsync(site.Client, RegistrySite.Builds, tag), $"the push of {tag}");

    /// <summary>Until the tag is promoted once and everything about it is recorded, or until it is enough.</summary>
    private static async Task EndsAsync(RegistrySite site, string tag, BuiltImage image, Task? enough = null)
    {
        string? problem = null;
        if (!await Eventually.ComesAsync(async () => enough?.IsCompleted == true || (problem = await ProblemAsync(site, tag, image)) is null, Patience))
        {
            throw new TimeoutException($"{tag}: {problem}");
        }
    }

    private static async Task<string?> ProblemAsync(RegistrySite site, string tag, BuiltImage image)
    {
        if ((await site.LedgerAsync(RegistrySite.Builds)).GetValueOrDefault(tag)?.Promotions is not [{ Done: true } promotion])
        {
            return "the promotion is not recorded as done";
        }

        var live = await site.LedgerAsync(RegistrySite.Live);
        var registry = site.Registry.Client();
        var promoted = ((await registry.Tags.ListAsync(RegistrySite.Live, default)) ?? []).Where(t => t.StartsWith($"{tag}-", StringComparison.Ordinal)).ToList();
        return promoted is not [var target] ? $"it is promoted to {string.Join(", ", promoted)}"
            : target != promotion.TargetTag ? $"it is promoted to {target}, and the decision was {promotion.TargetTag}"
            : (await registry.Manifests.HeadAsync(RegistrySite.Live, target, default))?.Digest != image.Digest ? $"{target} is another image"
            : live.GetValueOrDefault(target) is not { Claim: null, PromotedFrom: { } origin } entry || entry.Digest != image.Digest || origin.Tag != tag ? $"the ledger of {target} is {live.GetValueOrDefault(target)}"
            : live.Values.Any(e => e.Claim is not null) ? "a claim is open"
            : await registry.Referrers.ListAsync(RegistrySite.Live, image.Digest, PromotionEvidence.ArtifactType, default) is { Count: not 1 } records ? $"there are {records.Count} decision records"
            : site.Notices.Where(n => n.Body.Contains(target, StringComparison.Ordinal)).Select(n => n.Id).Distinct(StringComparer.Ordinal).Count() is not 1 and var notices ? $"there are {notices} notifications"
            : null;
    }
}
