using System.Globalization;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;

namespace Portcullis.Kubernetes.Events;

/// <summary>
/// Records Events on objects, as kubectl describe and kubectl events show them (core/v1). Recording never waits and never fails its
/// caller: a writer of its own sends them, one after the other. The same message on the same object within ten minutes is one
/// Event with a count. An Event on a cluster-scoped object goes to the namespace <c>default</c>, as Kubernetes does it.
/// </summary>
public sealed partial class EventRecorder(KubernetesClient client, KubernetesOptions options, TimeProvider time, ILogger<EventRecorder> logger)
    : BackgroundService
{
    private static readonly ApiResource Events = new("", "v1", "Event", "events", Namespaced: true);
    private static readonly TimeSpan FoldFor = TimeSpan.FromMinutes(10);

    /// <summary>How many series are remembered for folding.</summary>
    private const int SeriesLimit = 4096;

    /// <summary>The API takes 1024 characters for an Event's message.</summary>
    private const int LongestMessage = 1024;

    private readonly Channel<Recorded> _queue = Channel.CreateBounded<Recorded>(
        new BoundedChannelOptions(8192) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly Dictionary<Series, Sent> _sent = [];

    /// <summary>Records on an object of a known kind.</summary>
    /// <param name="resource">The object's kind.</param>
    /// <param name="metadata">The object's own metadata: its uid ties the Event to it.</param>
    /// <param name="reported">What happened.</param>
    /// <param name="annotations">Kept on the Event (the revision, for instance).</param>
    public void Record(ApiResource resource, ObjectMeta metadata, ReportedEvent reported, IReadOnlyDictionary<string, string>? annotations = null) =>
        Record(resource, metadata.Key, metadata.Uid, metadata.ResourceVersion, reported, annotations);

    public void Record(
        ApiResource resource,
        ObjectKey key,
        string? uid,
        string? resourceVersion,
        ReportedEvent reported,
        IReadOnlyDictionary<string, string>? annotations = null)
    {
        var message = options.Sanitize(reported.Message);
        message = message.Length <= LongestMessage ? message : message[..(LongestMessage - 1)] + "…";
        _queue.Writer.TryWrite(new Recorded(
            new Series(resource, key, uid ?? "", reported.Warning, reported.Reason, message), resourceVersion, annotations, time.GetUtcNow()));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var recorded in _queue.Reader.ReadAllAsync(stoppingToken))
            {
                await SendAsync(recorded, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is left is sent below.
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        while (_queue.Reader.TryRead(out var recorded) && !cancellationToken.IsCancellationRequested)
        {
            await SendAsync(recorded, cancellationToken);
        }
    }

    private async Task SendAsync(Recorded recorded, CancellationToken cancellationToken)
    {
        try
        {
            if (_sent.TryGetValue(recorded.Series, out var sent) && recorded.At - sent.Last < FoldFor && await FoldAsync(recorded, sent, cancellationToken))
            {
                return;
            }

            var name = await CreateAsync(recorded, cancellationToken);
            Prune(recorded.At);
            _sent[recorded.Series] = new Sent(name, 1, recorded.At);
        }
        catch (Exception e) when (e is KubernetesApiException or HttpRequestException)
        {
            // An Event is best effort: an API that is away must not hold up the next one.
            Log.NotRecorded(logger, recorded.Series.Reason, recorded.Series.Key, e.Message);
        }
    }

    private async Task<bool> FoldAsync(Recorded recorded, Sent sent, CancellationToken cancellationToken)
    {
        var patch = new JsonObject { ["count"] = sent.Count + 1, ["lastTimestamp"] = KubernetesJson.Time(recorded.At) };
        try
        {
            var key = new ObjectKey(NamespaceOf(recorded.Series.Key), sent.Name);
            await client.MergePatchAsync(Events, key, patch, new WriteOptions(options.Product), cancellationToken);
            _sent[recorded.Series] = new Sent(sent.Name, sent.Count + 1, recorded.At);
            return true;
        }
        catch (KubernetesApiException e) when (e.IsNotFound)
        {
            return false; // it has expired: a new one begins
        }
    }

    private async Task<string> CreateAsync(Recorded recorded, CancellationToken cancellationToken)
    {
        var series = recorded.Series;
        var at = KubernetesJson.Time(recorded.At);
        var metadata = new JsonObject
        {
            // client-go's form; the ticks keep two apart that differ in their messages alone.
            ["name"] = string.Create(CultureInfo.InvariantCulture, $"{NameFor(series.Key.Name)}.{recorded.At.Ticks ^ series.GetHashCode():x16}"),
            ["namespace"] = NamespaceOf(series.Key),
        };
        if (recorded.Annotations is { Count: > 0 } annotations)
        {
            metadata["annotations"] = new JsonObject(annotations.Select(a => KeyValuePair.Create(a.Key, (JsonNode?)a.Value)));
        }

        var body = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Event",
            ["metadata"] = metadata,
            ["involvedObject"] = Reference(recorded),
            ["type"] = series.Warning ? "Warning" : "Normal",
            ["reason"] = series.Reason,
            ["message"] = series.Message,
            ["source"] = new JsonObject { ["component"] = options.Product },
            ["reportingComponent"] = options.Product,
            ["firstTimestamp"] = at,
            ["lastTimestamp"] = at,
            ["count"] = 1,
        };
        var answer = await client.CreateAsync(Events, body, new WriteOptions(options.Product), cancellationToken);
        return answer.Object("metadata").String("name") ?? "";
    }

    private static JsonObject Reference(Recorded recorded)
    {
        var series = recorded.Series;
        var reference = new JsonObject { ["apiVersion"] = series.Resource.ApiVersion, ["kind"] = series.Resource.Kind, ["name"] = series.Key.Name };
        if (series.Key.Namespace.Length > 0)
        {
            reference["namespace"] = series.Key.Namespace;
        }

        if (series.Uid.Length > 0)
        {
            reference["uid"] = series.Uid;
        }

        if (recorded.ResourceVersion is { Length: > 0 } version)
        {
            reference["resourceVersion"] = version;
        }

        return reference;
    }

    private void Prune(DateTimeOffset now)
    {
        if (_sent.Count < SeriesLimit)
        {
            return;
        }

        foreach (var (series, sent) in _sent.Where(s => now - s.Value.Last >= FoldFor).ToList())
        {
            _sent.Remove(series);
        }

        if (_sent.Count >= SeriesLimit)
        {
            _sent.Clear();
        }
    }

    /// <summary>RBAC objects may have names that no Event may have (<c>portcullis:viewonly</c>); the reference carries the true one.</summary>
    private static string NameFor(string name)
    {
        var letters = name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' ? c : '-').ToArray();
        return new string(letters).Trim('-', '.') is { Length: > 0 } fit ? fit[..Math.Min(fit.Length, 200)].Trim('-', '.') : "event";
    }

    private static string NamespaceOf(ObjectKey key) => key.Namespace.Length == 0 ? "default" : key.Namespace;

    private sealed record Series(ApiResource Resource, ObjectKey Key, string Uid, bool Warning, string Reason, string Message);

    private sealed record Recorded(Series Series, string? ResourceVersion, IReadOnlyDictionary<string, string>? Annotations, DateTimeOffset At);

    private sealed record Sent(string Name, int Count, DateTimeOffset Last);

    private static partial class Log
    {
        [LoggerMessage(1301, LogLevel.Warning, "The event {Reason} on {Key} could not be recorded: {Error}")]
        public static partial void NotRecorded(ILogger logger, string reason, ObjectKey key, string error);
    }
}
