using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Portcullis.Clients.Notary;

namespace Portcullis.Trust.Reading;

/// <summary>
/// Follows the changefeeds of Notary servers while somebody asks for it: one request now and then says which of all names have changed, to all who listen. What
/// it says is not signed; it only decides when a name is asked for, never what is believed.
/// </summary>
internal sealed class ChangeFeeds(TrustCacheOptions options, TimeProvider time)
{
    private readonly ConditionalWeakTable<NotaryClient, ChangeFeedPosition> _positions = [];
    private ImmutableList<Action<NotaryClient, string>> _listeners = [];

    /// <summary>Whether the server's feed was read without a failure of late, so that silence means that nothing has changed.</summary>
    public bool Covers(NotaryClient server) => _positions.TryGetValue(server, out var position) && position.ReadAt is { } at && time.GetElapsedTime(at) < 3 * options.FeedAfter;

    /// <summary>Reads on, in the background, if that was not done just now. Nobody waits for it.</summary>
    public void Follow(NotaryClient server)
    {
        var position = _positions.GetValue(server, _ => new ChangeFeedPosition());
        if (position.TryBegin(time, options.FeedAfter))
        {
            _ = Task.Run(() => ReadAsync(server, position), CancellationToken.None);
        }
    }

    /// <summary>Until the end of what is returned, the listener is called for each name that changed on a server that anybody follows.</summary>
    /// <param name="changed">Called with the server and the name. It must not throw.</param>
    public IDisposable Listen(Action<NotaryClient, string> changed)
    {
        ImmutableInterlocked.Update(ref _listeners, (all, one) => all.Add(one), changed);
        return new Listening(this, changed);
    }

    private async Task ReadAsync(NotaryClient server, ChangeFeedPosition position)
    {
        using var limit = new CancellationTokenSource(options.ReadWithin, time);
        var isRead = false;
        try
        {
            await position.ReadOnAsync(server, gun => Notify(server, gun), limit.Token);
            isRead = true;
        }
        catch (Exception e) when (e is NotaryException or OperationCanceledException)
        {
            // Names are then asked for as time passes. A server without a feed, or one that refuses it, is not asked for it often.
        }
        finally
        {
            // Whatever broke: who has begun must end, else nobody would ever read on.
            position.Ended(time, isRead);
        }
    }

    private void Notify(NotaryClient server, string gun)
    {
        foreach (var changed in _listeners)
        {
            changed(server, gun);
        }
    }

    private sealed class Listening(ChangeFeeds feeds, Action<NotaryClient, string> changed) : IDisposable
    {
        public void Dispose() => ImmutableInterlocked.Update(ref feeds._listeners, (all, one) => all.Remove(one), changed);
    }
}
