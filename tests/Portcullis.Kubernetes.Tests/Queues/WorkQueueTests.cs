using Portcullis.Kubernetes.Queues;
using Portcullis.Testing;
using Prometheus;

namespace Portcullis.Kubernetes.Tests.Queues;

internal sealed class WorkQueueTests
{
    private readonly ManualTimeProvider _time = new();
    private WorkQueue<string> _queue = null!;

    [SetUp]
    public void Prepare() => _queue = new WorkQueue<string>(new WorkQueueOptions("test"), _time, Metrics.WithCustomRegistry(Metrics.NewCustomRegistry()));

    [TearDown]
    public void Finish() => _queue.Dispose();

    [Test]
    public void A_key_added_many_times_is_taken_once()
    {
        _queue.Add("a");
        _queue.Add("a");
        _queue.Add("a", WorkPriority.Background);
        Assert.That(Take(), Is.EqualTo("a"));
        Assert.That(Take(), Is.Null);
    }

    [Test]
    public void A_key_in_work_is_not_given_out_again_until_it_is_done()
    {
        _queue.Add("a");
        Take();
        _queue.Add("a");
        Assert.That(Take(), Is.Null);
        _queue.Done("a");
        Assert.That(Take(), Is.EqualTo("a"));
    }

    [Test]
    public void Live_keys_go_before_background_keys_but_do_not_starve_them()
    {
        _queue.Add("resync", WorkPriority.Background);
        for (var i = 0; i < 40; i++)
        {
            _queue.Add($"live{i:00}");
        }

        Assert.That(Take(), Is.EqualTo("live00"));
        var taken = Enumerable.Range(0, 20).Select(_ => Take()).ToList();
        Assert.That(taken, Does.Contain("resync"));
    }

    [Test]
    public void A_background_key_that_something_happens_to_moves_to_the_front()
    {
        _queue.Add("a", WorkPriority.Background);
        _queue.Add("b", WorkPriority.Background);
        _queue.Add("b");
        Assert.That(Take(), Is.EqualTo("b"));
        Assert.That(Take(), Is.EqualTo("a"));
        Assert.That(Take(), Is.Null);
    }

    [Test]
    public void A_delayed_key_comes_when_it_is_due_and_the_earliest_time_counts()
    {
        _queue.AddAfter("a", TimeSpan.FromMinutes(10));
        _queue.AddAfter("a", TimeSpan.FromMinutes(1));
        _queue.AddAfter("a", TimeSpan.FromMinutes(5));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.That(Take(), Is.Null);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.That(Take(), Is.EqualTo("a"));
        _queue.Done("a");
        _time.Advance(TimeSpan.FromHours(1));
        Assert.That(Take(), Is.Null, "the later times were the same wish");
    }

    [Test]
    public void A_plain_add_overtakes_a_delayed_one()
    {
        _queue.AddAfter("a", TimeSpan.FromMinutes(10));
        _queue.Add("a");
        Assert.That(Take(), Is.EqualTo("a"));
        _queue.Done("a");
        _time.Advance(TimeSpan.FromHours(1));
        Assert.That(Take(), Is.Null);
    }

    [Test]
    public void A_failing_key_comes_back_for_ever_with_pauses_from_750_ms_to_15_minutes()
    {
        _queue.Add("a");
        var pauses = new List<TimeSpan>();
        for (var i = 0; i < 15; i++)
        {
            Assert.That(Take(), Is.EqualTo("a"));
            pauses.Add(_queue.Failed("a"));
            _queue.Done("a");
            Assert.That(Take(), Is.Null);
            _time.Advance(pauses[^1] + TimeSpan.FromMilliseconds(2));
        }

        Assert.That(pauses[0], Is.EqualTo(TimeSpan.FromMilliseconds(750)));
        Assert.That(pauses[1], Is.EqualTo(TimeSpan.FromMilliseconds(1500)));
        Assert.That(pauses[^1], Is.EqualTo(TimeSpan.FromMinutes(15)));
    }

    [Test]
    public void Success_makes_the_next_failure_the_first()
    {
        Fail("a", times: 4);
        _time.Advance(TimeSpan.FromMinutes(1));
        Take();
        _queue.Forget("a");
        _queue.Done("a");
        _queue.Add("a");
        Take();
        Assert.That(_queue.Failed("a"), Is.EqualTo(TimeSpan.FromMilliseconds(750)));
    }

    [Test]
    public void What_its_own_attempts_cause_does_not_bring_a_failing_key_back_at_once()
    {
        Fail("a", times: 8);
        _queue.Add("a");
        Assert.That(Take(), Is.Null);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(Take(), Is.Null);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.That(Take(), Is.EqualTo("a"), "but sooner than its whole pause of 96 s");
    }

    [Test]
    public void An_edit_brings_a_failing_key_back_at_once()
    {
        Fail("a", times: 8);
        _queue.Add("a", fresh: true);
        Assert.That(Take(), Is.EqualTo("a"));
    }

    [Test]
    public void A_key_says_when_it_was_last_asked_for_before_it_was_taken()
    {
        _queue.Add("a");
        _time.Advance(TimeSpan.FromSeconds(1));
        _queue.Add("a");
        var asked = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(Take(), Is.EqualTo("a"));
        _time.Advance(TimeSpan.FromSeconds(1));
        _queue.Add("a");
        Assert.That(_queue.WantedAt("a"), Is.EqualTo(asked), "what is asked for meanwhile is for the next time");
        var again = _time.GetTimestamp();
        _queue.Done("a");
        Assert.That(Take(), Is.EqualTo("a"));
        Assert.That(_queue.WantedAt("a"), Is.GreaterThanOrEqualTo(again));
    }

    [Test]
    public void A_key_that_comes_back_by_the_clock_was_asked_for_when_its_time_came()
    {
        _queue.AddAfter("a", TimeSpan.FromMinutes(1));
        _time.Advance(TimeSpan.FromMinutes(1) + TimeSpan.FromMilliseconds(5));
        var now = _time.GetTimestamp();
        Assert.That(Take(), Is.EqualTo("a"));
        Assert.That(_time.GetElapsedTime(_queue.WantedAt("a"), now), Is.LessThan(TimeSpan.FromMilliseconds(5)));
    }

    [Test]
    public void What_is_added_during_a_failing_attempt_is_not_lost()
    {
        Fail("a", times: 2);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.That(Take(), Is.EqualTo("a"));
        _queue.Add("a");
        _queue.Forget("a");
        _queue.Done("a");
        Assert.That(Take(), Is.EqualTo("a"));
    }

    [Test]
    public void Failing_keys_hold_one_worker_and_healthy_keys_the_others()
    {
        foreach (var key in (string[])["bad1", "bad2", "bad3"])
        {
            Fail(key, times: 1);
        }

        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.That(Take(), Does.StartWith("bad"));
        Assert.That(Take(), Is.Null, "the second failing key waits for the first");
        _queue.Add("good1");
        _queue.Add("good2", WorkPriority.Background);
        Assert.That(Take(), Is.EqualTo("good1"));
        Assert.That(Take(), Is.EqualTo("good2"));
    }

    [Test]
    public async Task A_waiting_worker_is_given_the_key_and_a_cancelled_one_is_not()
    {
        using var stop = new CancellationTokenSource();
        var first = _queue.TakeAsync(stop.Token);
        var second = _queue.TakeAsync(CancellationToken.None);
        await stop.CancelAsync();
        Assert.That(async () => await first, Throws.InstanceOf<OperationCanceledException>());
        _queue.Add("a");
        Assert.That(await second.WaitAsync(TimeSpan.FromSeconds(10)), Is.EqualTo("a"));
    }

    /// <summary>Random interleavings, single-threaded, so that every run of a seed is the same.</summary>
    [Test]
    public void In_any_interleaving_no_key_is_lost_none_worked_on_twice_at_once_and_slow_ones_hold_one_worker()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            new QueueInterleaving(seed).Run();
        }
    }

    [Test]
    public async Task Many_threads_lose_nothing()
    {
        using var queue = new WorkQueue<int>(new WorkQueueOptions("threads") { SlowWorkers = 2 }, TimeProvider.System, Metrics.WithCustomRegistry(Metrics.NewCustomRegistry()));
        using var stop = new CancellationTokenSource();
        var inWork = new int[50];
        var done = new long[50];
        var overlaps = 0;
        var workers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    var key = await queue.TakeAsync(stop.Token);
                    overlaps += Interlocked.Increment(ref inWork[key]) == 1 ? 0 : 1;
                    await Task.Yield();
                    Interlocked.Increment(ref done[key]);
                    Interlocked.Decrement(ref inWork[key]);
                    queue.Forget(key);
                    queue.Done(key);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        })).ToList();
        await Task.WhenAll(Enumerable.Range(0, 3).Select(t => Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                queue.Add(((i * 7) + t) % 50, i % 3 == 0 ? WorkPriority.Background : WorkPriority.Live);
            }
        })));
        var before = done.ToArray();
        for (var key = 0; key < 50; key++)
        {
            queue.Add(key);
        }

        await Eventually.HoldsAsync(() => Enumerable.Range(0, 50).All(k => Interlocked.Read(ref done[k]) > before[k] || queue.Depth == 0));
        await stop.CancelAsync();
        await Task.WhenAll(workers);
        Assert.That(overlaps, Is.Zero);
        Assert.That(done, Has.All.GreaterThan(0));
    }

    private void Fail(string key, int times)
    {
        _queue.Add(key);
        for (var i = 0; i < times; i++)
        {
            Assert.That(Take(), Is.EqualTo(key));
            var pause = _queue.Failed(key);
            _queue.Done(key);
            if (i < times - 1)
            {
                _time.Advance(pause + TimeSpan.FromMilliseconds(2));
            }
        }
    }

    private string? Take()
    {
        using var none = new CancellationTokenSource();
        var taken = _queue.TakeAsync(none.Token);
        if (taken.IsCompletedSuccessfully)
        {
            return taken.Result;
        }

        none.Cancel();
        return null;
    }
}
