using System.Collections.Concurrent;
using Portcullis.Kubernetes.Queues;

namespace Portcullis.Kubernetes.Controllers;

/// <summary>How one attempt at a key ended.</summary>
internal abstract record Attempt
{
    private Attempt()
    {
    }

    public sealed record Done : Attempt;

    /// <summary>It threw, or took too long (<see cref="TimeoutException"/>).</summary>
    public sealed record Failed(Exception Error) : Attempt;

    /// <summary>The program stops; nothing is known of the key.</summary>
    public sealed record Stopped : Attempt;
}

/// <summary>
/// The loop under every controller: takes a key from the queue, marks it as in hand, runs its work, and returns the key to the queue
/// whatever came of it. A key is in hand of one worker at a time.
/// </summary>
internal sealed class Worker<TKey>(string name, TimeSpan timeout, WorkQueue<TKey> queue, TimeProvider time)
    where TKey : notnull
{
    /// <summary>How long a cancelled attempt may take to end.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<TKey, long> _inHand = new();

    /// <summary>A key whose attempt did not end although it was cancelled when its time was up; null when there is none.</summary>
    public string? FindStuck()
    {
        foreach (var (key, since) in _inHand)
        {
            if (time.GetElapsedTime(since) > timeout + Grace)
            {
                return $"{name} {key}";
            }
        }

        return null;
    }

    /// <summary>Runs <paramref name="work"/> for each key, for <paramref name="count"/> keys at once, until cancelled.</summary>
    public Task RunAsync(int count, Func<TKey, CancellationToken, Task> work, CancellationToken stopping) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(_ => LoopAsync(work, stopping)));

    /// <summary>Runs one step of a key's work within the timeout. What it throws is returned: one key's failure is never the loop's.</summary>
    public async Task<Attempt> AttemptAsync(TKey key, Func<CancellationToken, Task> work, CancellationToken stopping)
    {
        _inHand[key] = time.GetTimestamp();
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        try
        {
            await work(either.Token);
            return new Attempt.Done();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return new Attempt.Stopped();
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return new Attempt.Failed(new TimeoutException($"The reconcile was cancelled because it took longer than {timeout}."));
        }
#pragma warning disable CA1031 // whatever a reconciler throws is one key's failure, never the loop's
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new Attempt.Failed(e);
        }
    }

    private async Task LoopAsync(Func<TKey, CancellationToken, Task> work, CancellationToken stopping)
    {
        // Off the host's start: the first reconcile must not hold up the start of the others.
        await Task.Yield();
        while (!stopping.IsCancellationRequested)
        {
            TKey key;
            try
            {
                key = await queue.TakeAsync(stopping);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            _inHand[key] = time.GetTimestamp();
            try
            {
                await work(key, stopping);
            }
            finally
            {
                _inHand.TryRemove(key, out _);
                queue.Done(key);
            }
        }
    }
}
