namespace Portcullis.Kubernetes.Client;

/// <summary>
/// Does one thing for each of many objects with several requests under way at once: an API server answers each only when it is stored
/// safely, so that one after the other would mostly be waiting.
/// </summary>
public sealed class ParallelRequests(KubernetesOptions options)
{
    /// <summary>How many requests may be under way at once.</summary>
    public int AtOnce => options.ParallelRequests;

    /// <summary>Ends when all are done; the first exception ends the rest.</summary>
    public Task ForEachAsync<T>(IEnumerable<T> items, Func<T, CancellationToken, ValueTask> act, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            items, new ParallelOptions { MaxDegreeOfParallelism = options.ParallelRequests, CancellationToken = cancellationToken }, act);
}
