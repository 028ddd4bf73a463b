using System.Collections.Concurrent;
using Portcullis.Gateway.Forwarding;

namespace Portcullis.Tests.Gateway;

/// <summary>Keeps the names that signers publish, and delays the answers for as long as a test holds them.</summary>
internal sealed class HeldPublications : IPublishedTrust
{
    private readonly ConcurrentQueue<string> _guns = new();
    private volatile TaskCompletionSource? _held;

    public IReadOnlyCollection<string> Guns => _guns;

    public void Hold() => _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => _held?.TrySetResult();

    public Task PublishedAsync(string gun, CancellationToken cancellationToken)
    {
        _guns.Enqueue(gun);
        return _held?.Task.WaitAsync(cancellationToken) ?? Task.CompletedTask;
    }
}
