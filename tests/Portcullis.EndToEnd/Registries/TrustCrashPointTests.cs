using Portcullis.EndToEnd.Programs;
using Portcullis.Testing.Faults;
using Portcullis.Testing.Notaries;

namespace Portcullis.EndToEnd.Registries;

/// <summary>
/// The operator is killed when it publishes trust data on a real notary-server, and when it reports that in the status. Started again, it finds what it
/// has published: nothing is published once more, nothing that somebody signed is lost, and the status comes to say what the server has.
/// </summary>
[TestFixture]
[NonParallelizable]
internal sealed class TrustCrashPointTests
{
    private const int LongestMilliseconds = 15 * 60_000;

    private TrustSite _site = null!;
    private PortcullisProcess _operator = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        if (NotaryServer.Missing is { } reason)
        {
            Assert.Ignore(reason);
        }

        _site = await TrustSite.StartAsync();
        _operator = _site.StartOperator();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_site is not null)
        {
            await _operator.DisposeAsync();
            await _site.DisposeAsync();
        }
    }

    /// <summary>Where it is killed: between publication and status always, before the one and after the other when all points are tried.</summary>
    private static IEnumerable<TestCaseData> Points()
    {
        yield return new TestCaseData(true, KillMoment.AfterForward).SetArgDisplayNames("when the server has taken it");
        yield return new TestCaseData(false, KillMoment.BeforeForward).SetArgDisplayNames("before the status is written");
        if (CrashPoints.AreAll)
        {
            yield return new TestCaseData(true, KillMoment.BeforeForward).SetArgDisplayNames("before the server has it");
            yield return new TestCaseData(false, KillMoment.AfterForward).SetArgDisplayNames("when the status is written");
        }
    }

    [TestCaseSource(nameof(Points))]
    [CancelAfter(LongestMilliseconds)]
    public async Task The_first_publication_is_made_once(bool publishing, KillMoment moment)
    {
        var repository = _site.NewRepository();
        await KillAsync(publishing, moment, () => _site.Declare(repository, "releases"));

        Assert.That(await _site.UntilPublishedAsync(repository, 1, _operator), Is.EqualTo("1/1/1/1"), "the server counts each publication in the last two");
        Assert.That(await _site.DelegationsAsync(repository), Is.EqualTo(new[] { "targets/releases" }));
    }

    [TestCaseSource(nameof(Points))]
    [CancelAfter(LongestMilliseconds)]
    public async Task A_change_is_published_once_and_what_was_signed_stays(bool publishing, KillMoment moment)
    {
        var repository = _site.NewRepository();
        _site.Declare(repository, "releases");
        await _site.UntilPublishedAsync(repository, 1, _operator);
        await _site.SignAsync(repository, "66");
        await KillAsync(publishing, moment, () => _site.Declare(repository, "releases", "gitlab"));

        Assert.That(await _site.UntilPublishedAsync(repository, 2, _operator), Is.EqualTo("1/2/3/3"), "ours, the signer's, and ours once more");
        Assert.That(await _site.DelegationsAsync(repository), Is.EqualTo(new[] { "targets/gitlab", "targets/releases" }));
        Assert.That(await _site.TagsAsync(repository), Does.Contain("66"));
    }

    /// <summary>Makes a change, has the operator killed at a point of it, and starts it again.</summary>
    private async Task KillAsync(bool publishing, KillMoment moment, Action change)
    {
        var killed = _site.KillAt(publishing, moment, _operator);
        change();
        await killed;
        await _operator.DisposeAsync();
        _operator = _site.StartOperator();
    }
}
