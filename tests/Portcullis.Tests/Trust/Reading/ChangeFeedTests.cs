using System.Collections.Concurrent;
using Portcullis.Core.Signing;
using Portcullis.Signing;
using Portcullis.Testing;
using Portcullis.Testing.Notaries;
using Portcullis.Trust.Reading;

namespace Portcullis.Tests.Trust.Reading;

/// <summary>The changefeed of a real server says when a name is asked for again.</summary>
[TestFixture]
internal sealed class ChangeFeedTests
{
    /// <summary>Nothing is asked for again because of its age.</summary>
    private static readonly TrustCacheOptions Patient = new()
    {
        AskAgainAfter = TimeSpan.FromHours(1), WaitAfter = TimeSpan.FromHours(1), AskAfreshAfter = TimeSpan.FromHours(1), FeedAfter = TimeSpan.FromMilliseconds(20),
    };

    private NotaryServer _server = null!;
    private SignedRepository _repository = null!;

    [SetUp]
    public async Task StartAsync()
    {
        if (NotaryServer.Missing is { } missing)
        {
            Assert.Ignore(missing);
        }

        _server = await NotaryServer.StartAsync();
        _repository = await SignedRepository.CreateAsync(_server, "registry.example/team/feed");
    }

    [TearDown]
    public async Task StopAsync()
    {
        if (_repository is not null)
        {
            await _repository.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Test]
    public async Task What_is_published_and_what_is_deleted_is_seen_at_once_and_other_names_are_left_alone()
    {
        await using var other = await SignedRepository.CreateAsync(_server, "registry.example/team/other");
        var cache = new TrustCache(new TrustReader(TimeProvider.System).ReadAsync, new ChangeFeeds(Patient, TimeProvider.System), Patient, TimeProvider.System);
        await FindAsync(cache, _repository);
        await FindAsync(cache, other);
        await Eventually.HoldsAsync(async () => await SettledAsync(cache, other));

        await _repository.SignAsync("2.0");
        await Eventually.HoldsAsync(async () => await FindAsync(cache, _repository) is TrustFinding.Verified { Trust: var trust } && trust.OfTag("2.0").Any());
        other.Meddling.Forget();
        (await _repository.Client.RunAsync("delete", _repository.Gun, "--remote")).Succeeded();
        await Eventually.HoldsAsync(async () => await FindAsync(cache, _repository) is TrustFinding.Absent);
        await FindAsync(cache, other);
        Assert.That(other.Meddling.Asked, Has.None.Contains(".json"));
    }

    [Test]
    public async Task A_server_that_lost_its_content_and_counts_anew_is_followed_all_the_same()
    {
        var position = new ChangeFeedPosition();
        await _repository.SignAsync("2.0");
        var (changed, client) = (new List<string>(), _server.Client());
        await position.ReadOnAsync(client, changed.Add, default);
        Assert.That(changed, Is.Not.Empty.And.All.EqualTo(_repository.Gun));
        changed.Clear();
        await position.ReadOnAsync(client, changed.Add, default);
        Assert.That(changed, Is.Empty, "it was all read before");

        await _server.StopAsync();
        await _server.StartAgainAsync();
        await using var anew = await SignedRepository.CreateAsync(_server, "registry.example/team/anew");
        await position.ReadOnAsync(client, changed.Add, default);
        Assert.That(changed, Is.Not.Empty.And.All.EqualTo(anew.Gun));
    }

    [Test]
    public async Task A_server_without_a_feed_is_not_asked_for_it_again_and_again()
    {
        var feeds = new ChangeFeeds(Patient, TimeProvider.System);
        _repository.Meddling.Instead = (name, real) => name == "changefeed" ? null : real;
        for (var i = 0; i < 50; i++)
        {
            feeds.Follow(_repository.Meddling.Client);
            await Eventually.HoldsAsync(() => _repository.Meddling.Asked.Count(a => a == "changefeed") == 1);
        }

        Assert.That(feeds.Covers(_repository.Meddling.Client), Is.False);
    }

    [Test]
    public async Task All_who_listen_hear_of_each_change_through_one_request()
    {
        var feeds = new ChangeFeeds(Patient with { FeedAfter = TimeSpan.FromHours(1) }, TimeProvider.System);
        var (one, other, gone) = (new ConcurrentQueue<string>(), new ConcurrentQueue<string>(), new ConcurrentQueue<string>());
        using var first = feeds.Listen((_, gun) => one.Enqueue(gun));
        using var second = feeds.Listen((server, gun) => other.Enqueue(ReferenceEquals(server, _repository.Meddling.Client) ? gun : "another server"));
        feeds.Listen((_, gun) => gone.Enqueue(gun)).Dispose();
        feeds.Follow(_repository.Meddling.Client);
        feeds.Follow(_repository.Meddling.Client);
        await Eventually.HoldsAsync(() => feeds.Covers(_repository.Meddling.Client));

        Assert.That(one, Is.Not.Empty.And.All.EqualTo(_repository.Gun));
        Assert.That(other, Is.EqualTo(one));
        Assert.That(gone, Is.Empty);
        Assert.That(_repository.Meddling.Asked.Count(a => a == "changefeed"), Is.EqualTo(1));
    }

    private static async Task<TrustFinding> FindAsync(TrustCache cache, SignedRepository repository) =>
        await cache.FindAsync(repository.Anchor, repository.Meddling.Client, Freshness.Kept, CancellationToken.None);

    /// <summary>Whether the feed's past has been read, and nothing is asked for because of it any more.</summary>
    private static async Task<bool> SettledAsync(TrustCache cache, SignedRepository repository)
    {
        var before = repository.Meddling.Asked.Count(a => a.EndsWith(".json", StringComparison.Ordinal));
        var feeds = repository.Meddling.Asked.Count(a => a == "changefeed");
        await FindAsync(cache, repository);
        await Eventually.HoldsAsync(async () =>
        {
            await FindAsync(cache, repository);
            return repository.Meddling.Asked.Count(a => a == "changefeed") >= feeds + 2;
        });
        return repository.Meddling.Asked.Count(a => a.EndsWith(".json", StringComparison.Ordinal)) == before;
    }
}
