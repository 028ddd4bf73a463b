using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Portcullis.ApiServer.Errors;
using Portcullis.ApiServer.Http;
using Portcullis.ApiServer.Resources;
using Portcullis.ApiServer.Selectors;
using Portcullis.ApiServer.Storage;
using Portcullis.ApiServer.Tables;
using Portcullis.Schemas.Structural;

namespace Portcullis.ApiServer.Endpoints;

/// <summary>
/// Streams changes of a kind: what is there when asked from nothing or 0, else what happened since a version; then live. A selector
/// turns entering it into ADDED and leaving it into DELETED.
/// </summary>
internal sealed class WatchEndpoint(SqliteStore store, TableWriter tables, TimeProvider time, CancellationToken stopping)
{
    private static readonly TimeSpan BookmarkInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(45);

    public async Task HandleAsync(HttpContext context, Operation operation, Representation representation)
    {
        CheckOptions(operation.Query);
        var filter = new WatchFilter(operation);
        var from = Version(operation.Query);
        var initial = from == 0 || operation.Query.SendInitialEvents == true;
        var snapshot = store.Current;
        using var subscription = store.Log.Subscribe(StorageKind.Of(operation.Kind.Storage), initial ? snapshot.Version : from);
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.ContentType = representation.MediaType;
        var stream = new WatchStream(context, operation, representation, tables);
        if (subscription is null)
        {
            var expired = StatusException.Expired($"too old resource version: {from} ({store.Log.CompactedVersion})");
            await stream.WriteRawAsync("ERROR", expired.ToStatus());
            return;
        }

        await context.Response.StartAsync(context.RequestAborted);
        if (initial)
        {
            await stream.InitialAsync(snapshot, filter);
        }

        await FollowAsync(context, operation, stream, filter, subscription, initial ? snapshot.Version : from);
    }

    private async Task FollowAsync(
        HttpContext context, Operation operation, WatchStream stream, WatchFilter filter, EventSubscription subscription, long version)
    {
        var timeout = operation.Query.TimeoutSeconds is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : DefaultTimeout;
        using var timer = new CancellationTokenSource(timeout, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, timer.Token, stopping);
        try
        {
            foreach (var entry in subscription.Backlog)
            {
                await stream.EventAsync(entry, filter);
                version = entry.Object.Version;
            }

            await stream.FlushAsync(ended.Token);
            while (await WaitAsync(operation, stream, subscription, ended.Token))
            {
                while (subscription.Live.TryRead(out var entry))
                {
                    // A snapshot may be a moment ahead of the log: what it held is not sent again.
                    if (entry.Object.Version > version)
                    {
                        await stream.EventAsync(entry, filter);
                        version = entry.Object.Version;
                    }
                }

                await stream.FlushAsync(ended.Token);
            }
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The watch's time is over, or the server stops: a clean end.
        }
    }

    /// <summary>Waits for the next event, sending bookmarks meanwhile; false when the watch fell too far behind.</summary>
    private async Task<bool> WaitAsync(
        Operation operation, WatchStream stream, EventSubscription subscription, CancellationToken cancellationToken)
    {
        var ready = subscription.Live.WaitToReadAsync(cancellationToken).AsTask();
        while (operation.Query.AllowWatchBookmarks && !ready.IsCompleted)
        {
            var first = await Task.WhenAny(ready, Task.Delay(BookmarkInterval, time, cancellationToken));
            if (first != ready)
            {
                cancellationToken.ThrowIfCancellationRequested();
                // Read before looking for events: nothing up to it can still be unsent when the channel is empty.
                // A version from before the store was set back is not a version of this store: the bookmark shows that.
                var safe = store.Log.Version;
                if (!ready.IsCompleted && subscription.Live.Count == 0)
                {
                    await stream.BookmarkAsync(safe, initialEnd: false);
                    await stream.FlushAsync(cancellationToken);
                }
            }
        }

        return await ready;
    }

    private static long Version(QueryOptions query)
    {
        if (query.ResourceVersion is not { } text)
        {
            return 0;
        }

        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? (long)version
            : throw new StatusException(
                500, null, $"resourceVersion: Invalid value: \"{text}\": strconv.ParseUint: parsing \"{text}\": invalid syntax");
    }

    private static void CheckOptions(QueryOptions query)
    {
        string? problem = null;
        if (query.SendInitialEvents is not null && query.ResourceVersionMatch != "NotOlderThan")
        {
            problem = "Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan";
        }
        else if (query.SendInitialEvents is null && query.ResourceVersionMatch is not null)
        {
            problem = "Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided";
        }

        if (problem is not null)
        {
            throw StatusException.InvalidOptions("ListOptions", new FieldError("FieldValueForbidden", "resourceVersionMatch", problem));
        }
    }
}

/// <summary>What of a kind's events one watch sees.</summary>
internal sealed class WatchFilter(Operation operation)
{
    private readonly LabelQuery _labels = LabelQuery.Parse(operation.Query.LabelSelector);
    private readonly FieldQuery _fields = FieldQuery.Parse(operation.Query.FieldSelector, operation.Kind);

    public string Namespace { get; } = operation.Namespace;

    /// <summary>A watch of one object by its path sees that object only.</summary>
    public bool Matches(StoredObject stored) =>
        (Namespace.Length == 0 || stored.Key.Namespace == Namespace)
        && (operation.Attributes.Name.Length == 0 || stored.Key.Name == operation.Attributes.Name)
        && _labels.Matches(stored)
        && (_fields.IsEverything || _fields.Matches(ObjectPolicy.FromStorage(operation.Kind, stored.Object)));

    /// <summary>The event as this watch sees it; null when it does not.</summary>
    public (string Type, JsonObject Value)? See(StoreEvent entry)
    {
        var was = entry.Previous is { } previous && Matches(previous);
        var isNow = entry.Type != "DELETED" && Matches(entry.Object);
        if (isNow)
        {
            return (was ? "MODIFIED" : "ADDED", ObjectPolicy.FromStorage(operation.Kind, entry.Object.Object));
        }

        if (!was)
        {
            return null;
        }

        var last = entry.Type == "DELETED" ? entry.Object.Object : WithVersion(entry.Previous!.Object, entry.Object.Version);
        return ("DELETED", ObjectPolicy.FromStorage(operation.Kind, last));
    }

    private static JsonObject WithVersion(JsonObject value, long version)
    {
        var copy = (JsonObject)value.DeepClone();
        Metadata.Of(copy)["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture);
        return copy;
    }
}

/// <summary>The bytes of one watch.</summary>
internal sealed class WatchStream(HttpContext context, Operation operation, Representation representation, TableWriter tables)
{
    private bool _first = true;

    public async Task InitialAsync(Snapshot snapshot, WatchFilter filter)
    {
        foreach (var stored in snapshot.Of(StorageKind.Of(operation.Kind.Storage)).In(filter.Namespace).Where(filter.Matches))
        {
            await WriteAsync("ADDED", ObjectPolicy.FromStorage(operation.Kind, stored.Object));
        }

        if (operation.Query.SendInitialEvents == true && operation.Query.AllowWatchBookmarks)
        {
            await BookmarkAsync(snapshot.Version, initialEnd: true);
        }
    }

    public Task EventAsync(StoreEvent entry, WatchFilter filter) => filter.See(entry) is { } seen ? WriteAsync(seen.Type, seen.Value) : Task.CompletedTask;

    public Task BookmarkAsync(long version, bool initialEnd)
    {
        var metadata = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture) };
        if (initialEnd)
        {
            metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        }

        return WriteRawAsync("BOOKMARK", new JsonObject
        {
            ["kind"] = operation.Resource.Kind,
            ["apiVersion"] = operation.Resource.ApiVersion,
            ["metadata"] = metadata,
        });
    }

    public Task WriteRawAsync(string type, JsonObject value)
    {
        var writer = context.Response.BodyWriter;
        using (var json = new Utf8JsonWriter(writer, Answer.Writing))
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WritePropertyName("object");
            value.WriteTo(json);
            json.WriteEndObject();
        }

        writer.Write("\n"u8);
        return writer.UnflushedBytes > 64 * 1024 ? FlushAsync(context.RequestAborted) : Task.CompletedTask;
    }

    public async Task FlushAsync(CancellationToken cancellationToken) => await context.Response.BodyWriter.FlushAsync(cancellationToken);

    private Task WriteAsync(string type, JsonObject value)
    {
        var shaped = representation.Shape switch
        {
            AnswerShape.Table => tables.WatchRow(operation, value, withColumns: _first),
            AnswerShape.Metadata => PartialMetadata.Of(value),
            _ => value,
        };
        _first = false;
        return WriteRawAsync(type, shaped);
    }
}
