using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Portcullis.Http.Retries;
using Portcullis.Kubernetes.Client;

namespace Portcullis.Kubernetes.Stores;

/// <summary>
/// Keeps one store equal to the server:
/// <code>
///   list (all pages) ──▶ sweep what was not listed ──▶ watch from the list's version ──▶ …
///        ▲                                               │ clean end, broken stream: watch again from the last version seen
///        └── 410 Gone or ERROR 410, server set back ─────┘ (other errors: the same, after a pause that grows)
/// </code>
/// A fresh list never names a version (it must be the newest). Nothing is removed before the last page is in. A watch that
/// sends nothing beyond the limit is broken even if the socket is open, and is reopened: bookmarks are sent about every minute.
/// </summary>
internal sealed partial class Reflector(CollectionClient collection, IReflected store, ReflectorOptions options, StoreHistory history, TimeProvider time, ILogger logger)
{
    /// <summary>Where the watch continues; null when everything must be listed.</summary>
    private string? _version;

    /// <summary>The newest version that the server is known to have had.</summary>
    private string _known = "";

    /// <summary>The last watch ended with an error, so that another store may answer next.</summary>
    private bool _broken;

    private CancellationToken _present;
    private int _failures;

    public ApiResource Resource => collection.Resource;

    /// <summary>What went wrong last, while it is still wrong; null when the watch is up.</summary>
    public string? Trouble { get; private set; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _present = history.Present;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                _known = await FindStartAsync(cancellationToken);
                _version = await WatchAsync(_known, _present, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (WatchBrokenException e)
            {
                // Where it broke is known: nothing has to be listed again, if it is still the same store that answers. A watch from beyond a
                // restored store's version would be silent until that store has caught up.
                _version = _known = e.Version;
                _broken = true;
                await PauseAsync(e.InnerException!, cancellationToken);
            }
            catch (SetBackException e)
            {
                Log.SetBack(logger, Resource.QualifiedPlural, e.Message);
                history.End(_present);
            }
            catch (KubernetesApiException e) when (e.StatusCode == HttpStatusCode.Gone)
            {
                _version = null;
                await PauseAsync(e, cancellationToken);
            }
#pragma warning disable CA1031 // the loop must outlive whatever one list or watch throws
            catch (Exception e)
#pragma warning restore CA1031
            {
                await PauseAsync(e, cancellationToken);
            }
        }
    }

    /// <summary>The version to watch from: that of a fresh list, or the last one seen when it is still the same store that answers.</summary>
    private async Task<string> FindStartAsync(CancellationToken cancellationToken)
    {
        if (_version is null || _present.IsCancellationRequested)
        {
            _known = _present.IsCancellationRequested ? "" : _known;
            (_present, _broken) = (history.Present, false);
            _version = await ListAsync(cancellationToken);
            Check(_version, _known);
        }

        if (_broken)
        {
            Check(await collection.VersionAsync(cancellationToken), _version);
            _broken = false;
        }

        return _version;
    }

    private async Task<string> ListAsync(CancellationToken cancellationToken)
    {
        var seen = new HashSet<ObjectKey>();
        string? next = null;
        ListPage page;
        do
        {
            page = await collection.ListPageAsync(next, cancellationToken);
            foreach (var item in page.Items)
            {
                if (Put(item.Span, initial: true) is { } key)
                {
                    seen.Add(key);
                }
            }

            next = page.Continue;
        }
        while (next is not null);

        foreach (var key in store.Keys())
        {
            if (!seen.Contains(key))
            {
                store.Remove(key, version: null, initial: true);
            }
        }

        store.MarkSynced();
        Trouble = null;
        Log.Listed(logger, Resource.QualifiedPlural, seen.Count);
        return page.ResourceVersion;
    }

    /// <summary>Follows the watch to its clean end and returns the version to go on from.</summary>
    private async Task<string> WatchAsync(string version, CancellationToken present, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var silence = new CancellationTokenSource(options.SilenceLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, present, cancellationToken);
        try
        {
            await foreach (var change in collection.WatchAsync(version, ServerLimit(), Opened, either.Token))
            {
                silence.CancelAfter(options.SilenceLimit);
                Check(change.ResourceVersion, version);
                Take(change);
                version = change.ResourceVersion is { Length: > 0 } seen ? seen : version;
                _failures = 0;
            }
        }
        catch (OperationCanceledException) when (present.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return version;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Log.Silent(logger, Resource.QualifiedPlural, options.SilenceLimit);
            return version;
        }
        catch (KubernetesApiException e) when (e.StatusCode == HttpStatusCode.Gone || e.Reason is "Expired" or "Gone")
        {
            Log.Expired(logger, Resource.QualifiedPlural);
            throw new KubernetesApiException(HttpStatusCode.Gone, e.Reason, e.Message, e.Status);
        }
        catch (Exception e) when (e is not (OperationCanceledException or SetBackException))
        {
            throw new WatchBrokenException(version, e);
        }

        if (time.GetElapsedTime(started) < TimeSpan.FromSeconds(1))
        {
            // A server that ends every watch at once must not be queried without a pause.
            throw new WatchBrokenException(version, new HttpRequestException("The server ended the watch at once."));
        }

        _failures = 0;
        return version;
    }

    /// <summary>
    /// Versions of one kind only grow: an older one comes from a store restored from a backup, of which everything that was seen is in doubt.
    /// </summary>
    private static void Check(string? version, string known)
    {
        if (ResourceVersions.Compare(version, known) < 0)
        {
            throw new SetBackException($"from version {known} to {version}");
        }
    }

    private void Take(WatchEvent change)
    {
        if (change.Type == WatchEvent.Bookmark)
        {
            return;
        }

        var utf8 = JsonMarshal.GetRawUtf8Value(change.Object);
        if (change.Type == WatchEvent.Deleted)
        {
            var scan = ObjectScan.Of(utf8);
            store.Remove(scan.Key, scan.ResourceVersion, initial: false);
        }
        else
        {
            Put(utf8, initial: false);
        }
    }

    /// <summary>One object that cannot be read must not keep the others out; what was kept of it stays.</summary>
    private ObjectKey? Put(ReadOnlySpan<byte> utf8, bool initial)
    {
        try
        {
            return store.Put(utf8, initial);
        }
        catch (JsonException e)
        {
            var key = ObjectScan.Of(utf8).Key;
            Log.Unreadable(logger, Resource.Kind, key, e.Message);
            return key;
        }
    }

    private async Task PauseAsync(Exception error, CancellationToken cancellationToken)
    {
        Trouble = error.Message;
        var wait = options.BackOff.After(++_failures, Jitter.Next);
        if (_failures > 1)
        {
            Log.Retrying(logger, Resource.QualifiedPlural, error.Message, wait);
        }

        try
        {
            await Task.Delay(wait, time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The loop's own condition ends it.
        }
    }

    /// <summary>Spread, so that a hundred watches do not end together.</summary>
    private TimeSpan ServerLimit() => options.WatchLimit * (1 + Jitter.Next());

    private void Opened() => Trouble = null;

    /// <summary>Carries the last version that a watch received before it broke.</summary>
    private sealed class WatchBrokenException(string version, Exception inner) : Exception(inner.Message, inner)
    {
        public string Version { get; } = version;
    }

    /// <summary>The server's store is older than what it showed before.</summary>
    private sealed class SetBackException(string message) : Exception(message);

    private static partial class Log
    {
        [LoggerMessage(1001, LogLevel.Debug, "Listed {Count} {Resource}")]
        public static partial void Listed(ILogger logger, string resource, int count);

        [LoggerMessage(1002, LogLevel.Warning, "The watch of {Resource} sent nothing for {Limit}; reopening it")]
        public static partial void Silent(ILogger logger, string resource, TimeSpan limit);

        [LoggerMessage(1003, LogLevel.Information, "The resourceVersion of the watch of {Resource} has expired; listing again")]
        public static partial void Expired(ILogger logger, string resource);

        [LoggerMessage(1004, LogLevel.Error, "{Kind} {Key} cannot be decoded, so its last known state is kept: {Error}")]
        public static partial void Unreadable(ILogger logger, string kind, ObjectKey key, string error);

        [LoggerMessage(1005, LogLevel.Warning, "Cannot watch {Resource}: {Error}; retrying in {Wait}")]
        public static partial void Retrying(ILogger logger, string resource, string error, TimeSpan wait);

        [LoggerMessage(1006, LogLevel.Warning, "The API server was restored to an earlier state ({Resource}: {How}); listing everything again")]
        public static partial void SetBack(ILogger logger, string resource, string how);
    }
}

/// <summary>The reflector's times.</summary>
internal sealed record ReflectorOptions
{
    /// <summary>A watch without an event or a bookmark for so long is dead.</summary>
    public TimeSpan SilenceLimit { get; init; } = TimeSpan.FromMinutes(2.5);

    /// <summary>The server ends a watch after once to twice this.</summary>
    public TimeSpan WatchLimit { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The first retry comes quickly (servers end connections all the time), the later ones ever slower.</summary>
    public BackOff BackOff { get; init; } = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(20));
}
