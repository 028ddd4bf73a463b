using System.Collections.Concurrent;

namespace Portcullis.Clients.Registry.Authorization;

/// <summary>
/// Tokens by what they allow. Requests of the same rights at the same time ask the token server once; those of other rights do not wait for it.
/// </summary>
internal sealed class TokenCache(TimeProvider time)
{
    /// <summary>Beyond it the expired ones are dropped, and if there are none, all.</summary>
    private const int Most = 2000;

    private readonly ConcurrentDictionary<RegistryAccess, Slot> _slots = [];

    /// <param name="access">What the token must allow.</param>
    /// <param name="rejected">A token's value that the registry no longer takes; null for none.</param>
    /// <param name="fetch">Asks the token server.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    public async ValueTask<string> GetAsync(
        RegistryAccess access, string? rejected, Func<CancellationToken, Task<RegistryToken>> fetch, CancellationToken cancellationToken)
    {
        var slot = _slots.GetOrAdd(access, _ => new Slot());
        if (Usable(slot, rejected) is { } cached)
        {
            return cached;
        }

        await slot.Gate.WaitAsync(cancellationToken);
        try
        {
            if (Usable(slot, rejected) is { } fetched)
            {
                return fetched;
            }

            slot.Token = await fetch(cancellationToken);
            Trim();
            return slot.Token.Value;
        }
        finally
        {
            slot.Gate.Release();
        }
    }

    private string? Usable(Slot slot, string? rejected) =>
        slot.Token is { } token && token.UseUntil > time.GetUtcNow() && token.Value != rejected ? token.Value : null;

    private void Trim()
    {
        if (_slots.Count <= Most)
        {
            return;
        }

        var now = time.GetUtcNow();
        foreach (var (access, slot) in _slots)
        {
            if (slot.Token?.UseUntil <= now)
            {
                _slots.TryRemove(access, out _);
            }
        }

        if (_slots.Count > Most)
        {
            _slots.Clear();
        }
    }

#pragma warning disable CA1001 // A semaphore whose wait handle nobody asks for holds nothing that must be given back.
    private sealed class Slot
#pragma warning restore CA1001
    {
        private volatile RegistryToken? _token;

        public SemaphoreSlim Gate { get; } = new(1, 1);

        public RegistryToken? Token
        {
            get => _token;
            set => _token = value;
        }
    }
}
