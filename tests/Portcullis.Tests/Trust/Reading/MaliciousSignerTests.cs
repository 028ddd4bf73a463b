using Portcullis.Core.Trust;
using Portcullis.Core.Trust.Tuf;
using Portcullis.Testing;
using Portcullis.Testing.Trust;
using Portcullis.Trust.Delegations;
using Portcullis.Trust.Reading;

namespace Portcullis.Tests.Trust.Reading;

/// <summary>Who may sign one delegation, and servers that take everything, can neither stop the other signers, nor fill the memory, nor keep anybody waiting for ever.</summary>
[TestFixture]
internal sealed class MaliciousSignerTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);
    private ManualTimeProvider _time = null!;
    private MadeTrust _made = null!;
    private ServedTrust _served = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _time = new ManualTimeProvider(Now);
        _made = new MadeTrust(Now, "registry.example/team/app").Delegate("targets/bad").Delegate("targets/good").With("targets/good", MadeTrust.Target("1")).Publish();
        _served = await ServedTrust.StartAsync(_made);
    }

    [TearDown]
    public async Task StopAsync() => await _served.DisposeAsync();

    [Test]
    public async Task A_delegation_longer_than_any_is_not_asked_for_and_the_others_count()
    {
        Pad("targets/bad", RoleLimits.TargetsLength);
        _made.Snapshot();
        var reading = ((ReadOutcome.Verified)await ReadAsync()).Reading;
        Assert.That(reading.Trust.OfTag("1").Select(t => t.Role), Is.EqualTo(new[] { "targets/good" }));
        Assert.That(reading.Trust.Problems, Has.One.StartsWith("targets/bad: it has "));
        var present = (ServerTrust.Present)(await LookAsync()).Trust;
        Assert.That((present.Trust.Delegated.Keys, present.Trust.Broken.Keys), Is.EqualTo((new[] { "targets/good" }, new[] { "targets/bad" })).AsCollection);
        Assert.That(_served.Asked, Has.None.StartsWith("targets/bad"));
    }

    [Test]
    public void What_may_be_read_of_one_name_can_be_kept()
    {
        // The memory of all names is brought down to three quarters of its bound, the newest name going last.
        Assert.That(RoleLimits.Reading + RoleLimits.RootLength + RoleLimits.TimestampLength, Is.LessThan(new TrustCacheOptions().LargestWeight / 4 * 3));
    }

    [Test]
    public async Task A_server_that_gives_the_same_root_for_every_version_is_refused_and_not_asked_for_ever()
    {
        var known = ((ReadOutcome.Verified)await ReadAsync()).Reading;
        _made.Next().Publish();
        Assert.That(((ReadOutcome.Rejected)await ReadAsync(known)).Message, Does.StartWith($"{_made.Gun}: root: the server gives version 1 as version 2, too"));
        Assert.That(_served.Asked.Count, Is.LessThan(20));
    }

    [Test]
    public async Task Who_signs_anew_gives_up_a_server_that_does_not_come_to_an_end()
    {
        _served.Held = new TaskCompletionSource().Task;
        var look = LookAsync();
        await Eventually.HoldsAsync(() => _served.Asked.Count > 0);
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.That(((ServerTrust.Unreachable)(await look).Trust).Message, Does.EndWith($"has not given the trust data of {_made.Gun} within 120 s"));
    }

    [Test]
    public async Task A_changefeed_that_could_not_be_followed_once_is_followed_later()
    {
        var feeds = new ChangeFeeds(new TrustCacheOptions(), _time);
        _served.Else = name => name == "changefeed" ? """{"records":[{"ID":"1","GUN":"registry.example/team/app"}]}"""u8.ToArray() : null;
        var called = new TaskCompletionSource();
        using (feeds.Listen((_, _) =>
        {
            called.TrySetResult();
            throw new InvalidOperationException("nobody expects this");
        }))
        {
            feeds.Follow(_served.Client);
            await called.Task;
        }

        var changed = new List<string>();
        using var listening = feeds.Listen((_, gun) => changed.Add(gun));
        await Eventually.HoldsAsync(() =>
        {
            _time.Advance(TimeSpan.FromMinutes(2));
            feeds.Follow(_served.Client);
            return changed.Count > 0;
        });
    }

    private void Pad(string role, int length) => _made.Files[role] = [.. _made.Files[role], .. Enumerable.Repeat((byte)' ', length)];

    private Task<ReadOutcome> ReadAsync(TrustReading? known = null) => new TrustReader(_time).ReadAsync(_made.Anchor, _served.Client, known, null, default);

    private Task<ServerAnswer> LookAsync() => new SigningReader(_time).ReadAsync(_served.Client, _made.Anchor, asksForKeys: false, default);
}
