using Portcullis.Kubernetes.Client;

namespace Portcullis.Benchmarks.Programs;

/// <summary>Sees objects come and go by a watch of its own, so that waiting for them costs the server nothing.</summary>
internal sealed class Watcher : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<string> _present = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly Task _loop;
    private (Func<bool> Condition, TaskCompletionSource Met)? _waiting;

    private Watcher(CollectionClient collection, ListPage from)
    {
        foreach (var item in from.Items)
        {
            Add(Key(System.Text.Json.JsonDocument.Parse(item).RootElement));
        }

        _loop = RunAsync(collection, from.ResourceVersion);
    }

    public static async Task<Watcher> StartAsync(KubernetesClient client, ApiResource resource, string? labelSelector = null)
    {
        var collection = client.Collection(resource, new ListOptions { LabelSelector = labelSelector });
        return new Watcher(collection, await collection.ListWholeAsync(CancellationToken.None));
    }

    /// <summary>Completes when the set of <c>namespace/name</c> satisfies; asked at every event, so it must be quick.</summary>
    public Task UntilAsync(Func<IReadOnlySet<string>, bool> condition) => UntilAsync(() => condition(_present));

    /// <summary>Completes when so many are in a namespace.</summary>
    public Task UntilCountAsync(string @namespace, int count) => UntilAsync(() => _counts.GetValueOrDefault(@namespace) == count);

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
                Add(Key(change.Object));
            }
            else if (change.Type == WatchEvent.Deleted)
            {
                Remove(Key(change.Object));
            }

            if (_waiting is { } waiting && waiting.Condition())
            {
                _waiting = null;
                waiting.Met.SetResult();
            }
        }
    }

    private Task UntilAsync(Func<bool> condition)
    {
        lock (_gate)
        {
            if (condition())
            {
                return Task.CompletedTask;
            }

            var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting = (condition, met);
            return met.Task.WaitAsync(TimeSpan.FromMinutes(5));
        }
    }

    private void Add(string key)
    {
        if (_present.Add(key))
        {
            _counts[Space(key)] = _counts.GetValueOrDefault(Space(key)) + 1;
        }
    }

    private void Remove(string key)
    {
        if (_present.Remove(key))
        {
            _counts[Space(key)]--;
        }
    }

    private static string Space(string key) => key[..Math.Max(0, key.IndexOf('/', StringComparison.Ordinal))];

    private static string Key(System.Text.Json.JsonElement value)
    {
        var metadata = value.GetProperty("metadata");
        return metadata.TryGetProperty("namespace", out var space)
            ? $"{space.GetString()}/{metadata.GetProperty("name").GetString()}"
            : metadata.GetProperty("name").GetString()!;
    }
}
