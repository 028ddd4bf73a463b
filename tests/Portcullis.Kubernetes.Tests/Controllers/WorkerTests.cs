using Portcullis.Kubernetes.Controllers;
using Portcullis.Kubernetes.Queues;
using Portcullis.Testing;
using Prometheus;

namespace Portcullis.Kubernetes.Tests.Controllers;

/// <summary>The loop that takes a key, runs its work within its time and returns it, however the work ends.</summary>
internal sealed class WorkerTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly ManualTimeProvider _time = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly WorkQueue<string> _queue;
    private readonly Worker<string> _worker;

    public WorkerTests()
    {
        _queue = new WorkQueue<string>(new WorkQueueOptions("test"), _time, Metrics.WithCustomRegistry(Metrics.NewCustomRegistry()));
        _worker = new Worker<string>("test", Limit, _queue, _time);
    }

    public void Dispose()
    {
        _queue.Dispose();
        _stop.Dispose();
    }

    [Test]
    public async Task A_key_comes_back_to_the_queue_when_its_work_has_ended()
    {
        var begun = 0;
        var (first, second) = (new TaskCompletionSource(), new TaskCompletionSource());
        var running = _worker.RunAsync(2, async (_, _) => await (Interlocked.Increment(ref begun) == 1 ? first : second).Task, _stop.Token);
        _queue.Add("a");
        await Eventually.HoldsAsync(() => begun == 1);

        _queue.Add("a");
        Assert.That(_queue.Depth, Is.Zero, "the key waits for the end of its own work, although a worker is free");
        first.SetResult();

        await Eventually.HoldsAsync(() => begun == 2);
        second.SetResult();
        await StopAsync(running);
    }

    [Test]
    public async Task Work_that_throws_is_a_failed_attempt_with_its_error()
    {
        var error = new InvalidOperationException("no such colour");
        var attempt = await _worker.AttemptAsync("a", _ => throw error, _stop.Token);
        Assert.That(attempt, Is.EqualTo(new Attempt.Failed(error)));
    }

    [Test]
    public async Task Work_that_takes_too_long_is_cancelled_and_failed()
    {
        var attempt = _worker.AttemptAsync("a", token => Task.Delay(Timeout.InfiniteTimeSpan, _time, token), _stop.Token);
        _time.Advance(Limit);
        Assert.That(await attempt, Is.InstanceOf<Attempt.Failed>().With.Property("Error").InstanceOf<TimeoutException>());
    }

    [Test]
    public async Task Work_that_is_cancelled_by_somebody_else_is_failed()
    {
        var attempt = await _worker.AttemptAsync("a", _ => throw new OperationCanceledException(), _stop.Token);
        Assert.That(attempt, Is.InstanceOf<Attempt.Failed>());
    }

    [Test]
    public async Task Work_that_ends_because_the_program_stops_has_not_failed()
    {
        var attempt = _worker.AttemptAsync("a", token => Task.Delay(Timeout.InfiniteTimeSpan, _time, token), _stop.Token);
        await _stop.CancelAsync();
        Assert.That(await attempt, Is.InstanceOf<Attempt.Stopped>());
    }

    [Test]
    public async Task A_key_is_stuck_when_its_work_does_not_end_although_it_was_cancelled()
    {
        var end = new TaskCompletionSource();
        var begun = false;
        var running = _worker.RunAsync(
            1,
            async (_, _) =>
            {
                begun = true;
                await end.Task;
            },
            _stop.Token);
        _queue.Add("a");
        await Eventually.HoldsAsync(() => begun);
        _time.Advance(Limit + TimeSpan.FromSeconds(59));
        Assert.That(_worker.FindStuck(), Is.Null, "a cancelled attempt has a minute to end");

        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.That(_worker.FindStuck(), Is.EqualTo("test a"));

        end.SetResult();
        await Eventually.HoldsAsync(() => _worker.FindStuck() is null);
        await StopAsync(running);
    }

    private async Task StopAsync(Task running)
    {
        await _stop.CancelAsync();
        await running;
    }
}
