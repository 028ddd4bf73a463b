using System.Globalization;
using Portcullis.Clients.Registry;
using Portcullis.EndToEnd.Programs;
using Portcullis.Testing;
using Portcullis.Testing.Registries;

namespace Portcullis.EndToEnd.Registries;

/// <summary>
/// The gateway is killed before and after each write of a push and of a deletion. Whatever comes next, the same request again or another image for the same
/// immutable tag, ledger and registry agree afterwards, no claim is open, and nobody was told that what is not there was written.
/// </summary>
[TestFixture]
[NonParallelizable]
[Category("Faults")]
internal sealed class GatewayCrashPointTests
{
    private const int LongestMilliseconds = 30 * 60_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private RegistrySite _site = null!;
    private PortcullisProcess _operator = null!;
    private PortcullisProcess _gateway = null!;
    private int _number;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        if (DockerRegistry.Missing is { } reason)
        {
            Assert.Ignore(reason);
        }

        _site = await RegistrySite.StartAsync();
        (_operator, _gateway) = (_site.StartOperator(), _site.StartGateway());
        await _site.UntilReadyAsync(_operator, _gateway);
        await RegistrySite.UntilDoneAsync(() => ImageBuilder.Small(10_000).PushAsync(_site.Client, RegistrySite.Builds, "warm"), "the first push");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_site is not null)
        {
            await _gateway.DisposeAsync();
            await _operator.DisposeAsync();
            await _site.DisposeAsync();
        }
    }

    [Test]
    [CancelAfter(LongestMilliseconds)]
    public Task The_push_again_of_the_same_image_ends_what_was_begun() => AtEachPointAsync(
        () => Task.CompletedTask,
        n => Image(n).PushAsync(_site.Client, RegistrySite.Builds, Tag(n)),
        async n =>
        {
            await RegistrySite.UntilDoneAsync(() => Image(n).PushAsync(_site.Client, RegistrySite.Builds, Tag(n)), $"the push of {Tag(n)}");
            await EndsAsync(n, Image(n).Digest, "TAG_PUSH");
        });

    [Test]
    [CancelAfter(LongestMilliseconds)]
    public Task A_push_of_another_image_gets_the_immutable_tag_or_is_refused() => AtEachPointAsync(
        () => Task.CompletedTask,
        n => Image(n).PushAsync(_site.Client, RegistrySite.Builds, Tag(n)),
        async n =>
        {
            var (other, isRefused) = (ImageBuilder.Small(n + 50_000), false);
            await RegistrySite.UntilDoneAsync(
                async () =>
                {
                    try
                    {
                        await other.PushAsync(_site.Client, RegistrySite.Builds, Tag(n));
                    }
                    catch (RegistryException e) when (e.Message.Contains("cannot be overwritten", StringComparison.Ordinal))
                    {
                        isRefused = true;
                    }
                },
                $"an answer to the push of {Tag(n)}");
            await EndsAsync(n, isRefused ? Image(n).Digest : other.Digest, "TAG_PUSH");
        });

    [Test]
    [CancelAfter(LongestMilliseconds)]
    public Task A_deletion_again_ends_what_was_begun_and_leaves_the_other_tag_of_the_image() => AtEachPointAsync(
        async () =>
        {
            foreach (var tag in new[] { Deleted(_number), $"{Deleted(_number)}-stays" })
            {
                await Image(_number).PushAsync(_site.Client, RegistrySite.Builds, tag);
            }
        },
        n => _site.Client.Manifests.DeleteTagAsync(RegistrySite.Builds, Deleted(n), default),
        async n =>
        {
            await RegistrySite.UntilDoneAsync(() => _site.Client.Manifests.DeleteTagAsync(RegistrySite.Builds, Deleted(n), default), $"the deletion of {Deleted(n)}");
            await UntilAsync(async () =>
                await DigestAsync(Deleted(n)) is { } left ? $"it names {left}"
                : (await _site.LedgerAsync(RegistrySite.Builds)).GetValueOrDefault(Deleted(n)) is { } entry ? $"the ledger has {entry}"
                : await DigestAsync($"{Deleted(n)}-stays") != Image(n).Digest ? "the other tag is gone"
                : NoticesOf("TAG_DELETE", Deleted(n)) is not 1 and var count ? $"there are {count} notifications"
                : null);
        });

    /// <summary>Does a deed undisturbed, and then once for each of its writes with a gateway that is killed there and started again.</summary>
    private async Task AtEachPointAsync(Func<Task> prepare, Func<int, Task> deed, Func<int, Task> after)
    {
        _number++;
        await prepare();
        Reset();
        await deed(_number);
        var points = RegistryPoint.Of(_site.GatewayProxy.Faults.Seen.Concat(_site.RegistryProxy.Faults.Seen).Select(r => RegistryPoint.NameOf(r, RegistrySite.Builds)).OfType<string>());
        Assert.That(points, Has.Count.GreaterThan(8));
        await CrashPoints.TryEachAsync(points, 1, async point =>
        {
            _number++;
            await prepare();
            Reset();
            var killed = point.Arm([_site.GatewayProxy, _site.RegistryProxy], RegistrySite.Builds, _gateway);
            Assert.That(await RegistrySite.SucceedsAsync(() => deed(_number)) && !killed.IsCompleted, Is.False, "every run makes this write");
            await killed.WaitAsync(Patience);
            await _gateway.DisposeAsync();
            _gateway = _site.StartGateway();
            await _site.UntilReadyAsync(_operator, _gateway);
            await after(_number);
        });
        await TestContext.Out.WriteLineAsync($"{points.Count} points: {string.Join(", ", points.Select(p => p.Write).Distinct())}");
    }

    private Task EndsAsync(int number, string digest, string notice) => UntilAsync(async () =>
        await DigestAsync(Tag(number)) is var present && present != digest ? $"it names {present ?? "nothing"}, not {digest}"
        : (await _site.LedgerAsync(RegistrySite.Builds)).GetValueOrDefault(Tag(number)) is not { Claim: null, Author: DockerRegistry.User } entry || entry.Digest != digest ? "the ledger says otherwise"
        : NoticesOf(notice, Tag(number)) is not 1 and var count ? $"there are {count} notifications"
        : null);

    /// <summary>How many different notifications of a tag there were, however often each was delivered.</summary>
    private int NoticesOf(string kind, string tag) =>
        _site.Notices.Where(n => n.Body.Contains($"\"{kind}\"", StringComparison.Ordinal) && n.Body.Contains($"\"{tag}\"", StringComparison.Ordinal)).Select(n => n.Id).Distinct(StringComparer.Ordinal).Count();

    private static async Task UntilAsync(Func<Task<string?>> findProblem)
    {
        string? problem = null;
        if (!await Eventually.ComesAsync(async () => (problem = await findProblem()) is null, Patience))
        {
            throw new TimeoutException(problem);
        }
    }

    private void Reset()
    {
        _site.GatewayProxy.Faults.Reset();
        _site.RegistryProxy.Faults.Reset();
    }

    private async Task<string?> DigestAsync(string tag) => (await _site.Registry.Client().Manifests.HeadAsync(RegistrySite.Builds, tag, default))?.Digest;

    private static BuiltImage Image(int number) => ImageBuilder.Small(number);

    private static string Tag(int number) => string.Create(CultureInfo.InvariantCulture, $"i{number}");

    private static string Deleted(int number) => string.Create(CultureInfo.InvariantCulture, $"d{number}");
}
