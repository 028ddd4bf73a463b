using Portcullis.Clients.Notary;
using Portcullis.Clients.Registry;
using Portcullis.Core.Signing;
using Portcullis.Core.Trust.Tuf;
using Portcullis.Signing;
using Portcullis.Testing;
using Portcullis.Trust.Reading;

namespace Portcullis.Tests.Trust.Reading;

/// <summary>When a server is asked, what is used meanwhile, and what never is.</summary>
[TestFixture]
internal sealed class TrustCacheTests
{
    private const string Gun = "registry.example/team/app";
    private static readonly TrustAnchor Anchor = new(Gun, ["a"]);
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    private ManualTimeProvider _time = null!;
    private SocketsHttpHandler _handler = null!;
    private NotaryClient _server = null!;
    private TrustCacheOptions _options = null!;
    private List<(string Gun, TrustReading? Known)> _asked = null!;
    private Func<ReadOutcome> _answer = null!;
    private Task _held = null!;

    [SetUp]
    public void Prepare()
    {
        _time = new ManualTimeProvider(Start);
        _handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        // Nobody listens there: its changefeed says nothing.
        _server = NotaryClient.Create(RegistryEndpoint.TryParse("http://127.0.0.1:1", allowPlainHttp: true)!, _handler, new RegistryClientOptions { Time = _time });
        _options = new TrustCacheOptions();
        _asked = [];
        _held = Task.CompletedTask;
        _answer = () => Valid();
    }

    [TearDown]
    public void End() => _handler.Dispose();

    [Test]
    public async Task What_is_known_is_used_for_a_while_and_then_asked_for_without_anybody_waiting()
    {
        var cache = Cache();
        var first = await FindAsync(cache);
        _time.Advance(_options.AskAgainAfter - TimeSpan.FromSeconds(1));
        Assert.That(await FindAsync(cache), Is.SameAs(first));
        Assert.That(_asked, Has.Count.EqualTo(1));

        var held = Hold();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(await FindAsync(cache), Is.SameAs(first), "nobody waits for the answer");
        held.SetResult();
        await Eventually.HoldsAsync(async () => !ReferenceEquals(await FindAsync(cache), first));
        Assert.That(_asked, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task What_has_not_been_confirmed_for_long_is_waited_for()
    {
        var cache = Cache();
        var first = await FindAsync(cache);
        _time.Advance(_options.WaitAfter + TimeSpan.FromSeconds(1));
        Assert.That(await FindAsync(cache), Is.Not.SameAs(first).And.InstanceOf<TrustFinding.Verified>());
    }

    [Test]
    public async Task Many_who_want_the_same_name_make_one_request()
    {
        var cache = Cache();
        var held = Hold();
        var finding = Enumerable.Range(0, 50).Select(_ => FindAsync(cache)).ToList();
        held.SetResult();
        var found = await Task.WhenAll(finding);
        Assert.That(found, Has.All.SameAs(found[0]).And.All.InstanceOf<TrustFinding.Verified>());
        Assert.That(_asked, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Who_gives_up_ends_nothing_for_the_others()
    {
        var cache = Cache();
        var held = Hold();
        using var mine = new CancellationTokenSource();
        var (patient, impatient) = (FindAsync(cache), FindAsync(cache, cancellationToken: mine.Token));
        await mine.CancelAsync();
        await Assert.CatchAsync<OperationCanceledException>(() => impatient);
        held.SetResult();
        Assert.That(await patient, Is.InstanceOf<TrustFinding.Verified>());
    }

    [Test]
    public async Task A_server_that_is_away_or_lies_takes_nothing_until_what_was_verified_expires()
    {
        foreach (var answer in (ReadOutcome[])[new ReadOutcome.Unreachable("away"), new ReadOutcome.Rejected("targets: a lie")])
        {
            _answer = () => Valid();
            var cache = Cache();
            var before = (TrustFinding.Verified)await FindAsync(cache);
            _answer = () => answer;
            for (var passed = _options.WaitAfter; _time.GetUtcNow() + passed < before.Trust.ExpiresAt; _time.Advance(passed))
            {
                Assert.That(await FindAsync(cache), Is.InstanceOf<TrustFinding.Verified>());
            }

            var (word, problem) = answer is ReadOutcome.Rejected ? ("a lie", typeof(TrustFinding.Rejected)) : ("away", typeof(TrustFinding.Unreachable));
            Assert.That(((TrustFinding.Verified)await FindAsync(cache)).Trust.Problems, Has.One.Contains("what was verified before is used until").And.One.Contains(word));
            _time.Advance(before.Trust.ExpiresAt - _time.GetUtcNow());
            var after = await FindAsync(cache);
            Assert.That(after, Is.InstanceOf(problem), "it has expired");
            Assert.That(after.ToString(), Does.Contain("what was verified before expired at"));
            _time = new ManualTimeProvider(Start);
        }
    }

    [Test]
    public async Task What_expires_between_two_requests_is_not_used_for_a_moment_longer()
    {
        var cache = Cache(new TrustCacheOptions { AskAgainAfter = 2 * Life, WaitAfter = 2 * Life, AskAfreshAfter = 2 * Life });
        await FindAsync(cache);
        _time.Advance(Life - TimeSpan.FromTicks(1));
        Assert.That(await FindAsync(cache), Is.InstanceOf<TrustFinding.Verified>());
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.That(await FindAsync(cache), Is.InstanceOf<TrustFinding.Rejected>());
    }

    [Test]
    public async Task Deleted_trust_data_counts_no_longer_and_what_comes_back_must_be_newer_than_what_was()
    {
        var cache = Cache();
        await FindAsync(cache);
        _answer = () => new ReadOutcome.Absent("none");
        Assert.That(await FindAsync(cache, Freshness.Asked), Is.InstanceOf<TrustFinding.Verified>(), "asked a moment ago");
        _time.Advance(_options.AskAfreshAfter);
        Assert.That(await FindAsync(cache, Freshness.Asked), Is.InstanceOf<TrustFinding.Absent>());
        _answer = () => new ReadOutcome.Unreachable("away");
        _time.Advance(_options.AskAfreshAfter);
        for (var i = 0; i < 3; i++)
        {
            Assert.That(await FindAsync(cache), Is.InstanceOf<TrustFinding.Unreachable>(), "what was deleted is not used because the server is away");
            _time.Advance(_options.AskAfreshAfter);
        }

        Assert.That(_asked[^1].Known, Is.Not.Null, "what comes back is compared with what was known");
    }

    [Test]
    public async Task A_refusal_is_not_asked_about_more_often_than_once_a_moment()
    {
        _answer = () => new ReadOutcome.Absent("none");
        var cache = Cache();
        for (var i = 0; i < 100; i++)
        {
            Assert.That(await FindAsync(cache, i % 2 == 0 ? Freshness.Asked : Freshness.Kept), Is.InstanceOf<TrustFinding.Absent>());
        }

        Assert.That(_asked, Has.Count.EqualTo(1));
        _time.Advance(_options.AskAfreshAfter);
        await FindAsync(cache);
        Assert.That(_asked, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Who_missed_what_was_signed_just_now_waits_until_the_server_may_be_asked_again_and_finds_it()
    {
        _answer = () => new ReadOutcome.Absent("none");
        var cache = Cache();
        Assert.That(await FindAsync(cache, Freshness.New), Is.InstanceOf<TrustFinding.Absent>());
        _answer = () => Valid();
        var waiting = Enumerable.Range(0, 20).Select(_ => FindAsync(cache, Freshness.New)).ToList();
        Assert.That(waiting.TrueForAll(w => !w.IsCompleted));
        await Eventually.HoldsAsync(_time, _options.AskAfreshAfter, () => waiting.TrueForAll(w => w.IsCompleted));
        Assert.That(await Task.WhenAll(waiting), Has.All.InstanceOf<TrustFinding.Verified>());
        Assert.That(_asked, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_request_that_was_on_its_way_before_is_no_answer_to_who_wants_a_new_one()
    {
        _answer = () => new ReadOutcome.Absent("none");
        var cache = Cache();
        var held = Hold();
        var first = FindAsync(cache, Freshness.New);
        await Eventually.HoldsAsync(() => _asked.Count == 1);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        var second = FindAsync(cache, Freshness.New);
        held.SetResult();
        Assert.That(await first, Is.InstanceOf<TrustFinding.Absent>());
        _answer = () => Valid();
        await Eventually.HoldsAsync(_time, _options.AskAfreshAfter, () => second.IsCompleted);
        Assert.That(await second, Is.InstanceOf<TrustFinding.Verified>());
    }

    [Test]
    public async Task A_slow_server_holds_up_those_who_have_something_for_a_short_while_only()
    {
        var cache = Cache();
        await FindAsync(cache);
        Hold();
        _time.Advance(_options.WaitAfter + TimeSpan.FromSeconds(1));
        var waiting = FindAsync(cache);
        await Eventually.HoldsAsync(() => _asked.Count == 2);
        Assert.That(waiting.IsCompleted, Is.False);
        _time.Advance(_options.Patience);
        Assert.That(await waiting, Is.InstanceOf<TrustFinding.Verified>());
    }

    [Test]
    public async Task A_server_that_never_ends_is_given_up()
    {
        var cache = Cache();
        Hold();
        var waiting = FindAsync(cache);
        await Eventually.HoldsAsync(() => _asked.Count == 1);
        _time.Advance(_options.ReadWithin);
        Assert.That(((TrustFinding.Unreachable)await waiting).Message, Does.Contain("within 20 s"));
    }

    [Test]
    public async Task Other_pinned_keys_or_more_of_them_begin_anew()
    {
        var cache = Cache();
        await FindAsync(cache);
        await FindAsync(cache, anchor: new TrustAnchor(Gun, ["b"]));
        await FindAsync(cache, anchor: new TrustAnchor(Gun, ["b"]) { Threshold = 2 });
        Assert.That(_asked.Select(a => a.Known), Is.EqualTo(new TrustReading?[] { null, null, null }));
        _answer = () => new ReadOutcome.Unreachable("away");
        Assert.That(await FindAsync(cache), Is.InstanceOf<TrustFinding.Unreachable>(), "what the other key has signed counts no longer");
    }

    [Test]
    public async Task Memory_stays_within_its_bound_however_many_names_there_are()
    {
        var cache = Cache(new TrustCacheOptions { LargestWeight = 100_000 });
        _answer = () => Valid(weight: 1000);
        for (var i = 0; i < 1000; i++)
        {
            await FindAsync(cache, anchor: new TrustAnchor($"{Gun}-{i}", ["a"]));
            Assert.That(cache.Weight, Is.LessThanOrEqualTo(100_000));
        }

        Assert.That(cache.Weight, Is.GreaterThan(50_000));
        var before = _asked.Count;
        await FindAsync(cache, anchor: new TrustAnchor($"{Gun}-999", ["a"]));
        Assert.That(_asked, Has.Count.EqualTo(before), "what was used last is kept");
        await FindAsync(cache, anchor: new TrustAnchor($"{Gun}-0", ["a"]));
        Assert.That(_asked, Has.Count.EqualTo(before + 1), "what nobody wanted is read again");
    }

    private TrustCache Cache(TrustCacheOptions? options = null)
    {
        _options = options ?? _options;
        return new TrustCache(ReadAsync, new ChangeFeeds(_options, _time), _options, _time);
    }

    private async Task<ReadOutcome> ReadAsync(TrustAnchor anchor, NotaryClient server, TrustReading? known, SeenVersions? seen, CancellationToken cancellationToken)
    {
        lock (_asked)
        {
            _asked.Add((anchor.Gun, known));
        }

        await _held.WaitAsync(cancellationToken);
        return _answer();
    }

    private TaskCompletionSource Hold()
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _held = source.Task;
        return source;
    }

    private Task<TrustFinding> FindAsync(TrustCache cache, Freshness freshness = Freshness.Kept, TrustAnchor? anchor = null, CancellationToken cancellationToken = default) =>
        cache.FindAsync(anchor ?? Anchor, _server, freshness, cancellationToken).AsTask();

    private ReadOutcome.Verified Valid(int weight = 1) =>
        new(new TrustReading(TrustedSet.Begin(Anchor, new VerificationKeys()), new RepositoryTrust([], [], _time.GetUtcNow() + Life), weight, _time.GetUtcNow() + Life));
}
