using Portcullis.Kubernetes.Client;

namespace Portcullis.Benchmarks.Programs;

/// <summary>Sees objects come and go by a watch of its own, so that waiting for them costs the server nothing.</summary>
internal sealed class Watcher : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<string> _present = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly Task _loop;
    private (Func<IReadOnlySet<string>, bool> Condition, TaskCompletionSource Met)? _waiting;

    private Watcher(CollectionClient collection, ListPage from)
    {
        foreach (var item in from.Items)
        {
            _present.Add(Key(System.Text.Json.JsonDocument.Parse(item).RootElement));
        }

        _loop = RunAsync(collection, from.ResourceVersion);
    }

    public static async Task<Watcher> StartAsync(KubernetesClient client, ApiResource resource, string? labelSelector = null)
    {
        var collection = client.Collection(resource, new ListOptions { LabelSelector = labelSelector });
        return new Watcher(collection, await collection.ListWholeAsync(CancellationToken.None));
    }

    /// <summary>Completes when the set of <c>namespace/name</c> satisfies.</summary>
    public Task UntilAsync(Func<IReadOnlySet<string>, bool> condition)
    {
        lock (_gate)
        {
            if (condition(_present))
            {
                return Task.CompletedTask;
            }

            var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting = (condition, met);
            return met.Task.WaitAsync(TimeSpan.FromMinutes(5));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task RunAsync(CollectionClient collection, string from)
    {
        try
        {
            while (true)
            {
                await foreach (var change in collection.WatchAsync(from, null, null, _stop.Token))
                {
                    from = change.ResourceVersion;
                    Apply(change);
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private void Apply(WatchEvent change)
    {
        lock (_gate)
        {
            if (change.Type is WatchEvent.Added or WatchEvent.Modified)
            {
                _present.Add(Key(change.Object));
            }
            else if (change.Type == WatchEvent.Deleted)
            {
                _present.Remove(Key(change.Object));
            }

            if (_waiting is { } waiting && waiting.Condition(_present))
            {
                _waiting = null;
                waiting.Met.SetResult();
            }
        }
    }

    private static string Key(System.Text.Json.JsonElement value)
    {
        var metadata = value.GetProperty("metadata");
        return metadata.TryGetProperty("namespace", out var space)
            ? $"{space.GetString()}/{metadata.GetProperty("name").GetString()}"
            : metadata.GetProperty("name").GetString()!;
    }
}
