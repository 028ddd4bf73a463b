using Portcullis.Kubernetes.Queues;
using Portcullis.Testing;
using Prometheus;

namespace Portcullis.Kubernetes.Tests.Queues;

/// <summary>One random run of a queue beside a model that knows for which keys there is work that no finished attempt has seen.</summary>
internal sealed class QueueInterleaving(int seed)
{
    private const int Keys = 6;

    private readonly Random _random = new(seed);
    private readonly ManualTimeProvider _time = new();
    private readonly HashSet<int> _working = [];
    private readonly HashSet<int> _wanted = [];
    private readonly HashSet<int> _failing = [];
    private readonly HashSet<int> _slow = [];
    private WorkQueue<int> _queue = null!;

    public void Run()
    {
        using var queue = _queue = new WorkQueue<int>(new WorkQueueOptions("run"), _time, Metrics.WithCustomRegistry(Metrics.NewCustomRegistry()));
        for (var step = 0; step < 200; step++)
        {
            Step();
        }

        // In the end every attempt succeeds: all that was wanted must be worked on.
        foreach (var key in _working.ToList())
        {
            Succeed(key);
        }

        for (var round = 0; round < 40; round++)
        {
            _time.Advance(TimeSpan.FromMinutes(20));
            while (TryTake() is { } key)
            {
                Succeed(key);
            }
        }

        Assert.That(_wanted, Is.Empty, $"seed {seed}: lost");
    }

    private void Step()
    {
        var key = _random.Next(Keys);
        switch (_random.Next(9))
        {
            case 0 or 1:
                _queue.Add(key, _random.Next(2) == 0 ? WorkPriority.Live : WorkPriority.Background);
                _wanted.Add(key);
                break;
            case 2:
                _queue.Add(key, fresh: true);
                _wanted.Add(key);
                _failing.Remove(key);
                break;
            case 3:
                _queue.AddAfter(key, TimeSpan.FromMilliseconds(_random.Next(1, 100_000)));
                _wanted.Add(key);
                break;
            case 4 or 5:
                TryTake();
                break;
            case 6 when _working.Count > 0:
                Succeed(_working.ElementAt(_random.Next(_working.Count)));
                break;
            case 7 when _working.Count > 0:
                Fail(_working.ElementAt(_random.Next(_working.Count)));
                break;
            default:
                _time.Advance(TimeSpan.FromMilliseconds(_random.Next(5000)));
                break;
        }
    }

    private int? TryTake()
    {
        using var none = new CancellationTokenSource();
        var taken = _queue.TakeAsync(none.Token);
        if (!taken.IsCompletedSuccessfully)
        {
            none.Cancel();
            return null;
        }

        var key = taken.Result;
        Assert.That(_working.Add(key), Is.True, $"seed {seed}: {key} is worked on twice at once");
        if (_failing.Contains(key))
        {
            _slow.Add(key);
            Assert.That(_slow, Has.Count.LessThanOrEqualTo(1), $"seed {seed}: failing keys hold two workers");
        }

        _wanted.Remove(key);
        return key;
    }

    private void Succeed(int key)
    {
        _queue.Forget(key);
        _failing.Remove(key);
        Finish(key);
    }

    private void Fail(int key)
    {
        _queue.Failed(key);
        _failing.Add(key);
        _wanted.Add(key);
        Finish(key);
    }

    private void Finish(int key)
    {
        _working.Remove(key);
        _slow.Remove(key);
        _queue.Done(key);
    }
}
