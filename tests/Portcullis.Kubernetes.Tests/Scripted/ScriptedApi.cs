using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects;
using Portcullis.Objects.Json;

namespace Portcullis.Kubernetes.Tests.Scripted;

/// <summary>
/// As much of the Kubernetes API as the runtime uses, in memory behind an HttpMessageHandler, so that real URLs, bodies and streams
/// are exercised and a test decides what goes wrong. It knows no kinds: whatever path is asked for is a collection.
/// </summary>
internal sealed class ScriptedApi : HttpMessageHandler
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<(string Collection, string Key), JsonObject> _objects = [];
    private readonly List<(string Collection, long Version, string Type, JsonObject Object)> _log = [];
    private readonly List<OpenWatch> _watches = [];
    private readonly List<string> _requests = [];
    private long _version = 100;

    /// <summary>Answers instead of the server where it returns one.</summary>
    public Func<HttpRequestMessage, HttpResponseMessage?>? Script { get; set; }

    /// <summary>Runs while a request is under way, before it takes effect.</summary>
    public Func<HttpRequestMessage, CancellationToken, Task>? Before { get; set; }

    /// <summary>No version can be watched from any more, until somebody lists afresh.</summary>
    public bool Expired { get; set; }

    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>The watches that are open now.</summary>
    public IReadOnlyList<OpenWatch> Watches
    {
        get
        {
            lock (_gate)
            {
                return [.. _watches.Where(w => !w.Ended)];
            }
        }
    }

    public KubernetesClient Client(TimeProvider? time = null) =>
        new(new HttpClient(this, disposeHandler: false) { BaseAddress = new Uri("http://scripted/"), Timeout = Timeout.InfiniteTimeSpan }, time);

    public int Count(string verb, string pathPart) =>
        Requests.Count(r => r.StartsWith(verb + " ", StringComparison.Ordinal) && r.Contains(pathPart, StringComparison.Ordinal));

    public JsonObject? Find(ApiResource resource, string name, string @namespace = "")
    {
        lock (_gate)
        {
            return _objects.TryGetValue((resource.CollectionPath(), KeyOf(@namespace, name)), out var found) ? (JsonObject)found.DeepClone() : null;
        }
    }

    public IReadOnlyList<JsonObject> All(ApiResource resource)
    {
        lock (_gate)
        {
            return [.. _objects.Where(o => o.Key.Collection == resource.CollectionPath()).Select(o => (JsonObject)o.Value.DeepClone())];
        }
    }

    /// <summary>A person's write: creates, or replaces and counts the generation up when the spec changed.</summary>
    public void Put(ApiResource resource, JsonObject value)
    {
        lock (_gate)
        {
            var metadata = value.Object("metadata")!;
            var id = (resource.CollectionPath(), KeyOf(metadata.String("namespace") ?? "", metadata.String("name")!));
            var old = _objects.GetValueOrDefault(id);
            metadata["uid"] = old.Object("metadata").String("uid") ?? Guid.NewGuid().ToString();
            var generation = long.Parse(old?["metadata"]?["generation"]?.ToString() ?? "0", CultureInfo.InvariantCulture);
            metadata["generation"] = JsonNode.DeepEquals(old?["spec"], value["spec"]) && old is not null ? generation : generation + 1;
            if (old?["status"] is { } status && !value.ContainsKey("status"))
            {
                value["status"] = status.DeepClone();
            }

            Store(id, value, old is null ? WatchEvent.Added : WatchEvent.Modified);
        }
    }

    public void Edit(ApiResource resource, string name, Action<JsonObject> edit)
    {
        var value = Find(resource, name) ?? throw new InvalidOperationException($"no {name}");
        edit(value);
        Put(resource, value);
    }

    public void Remove(ApiResource resource, string name, string @namespace = "")
    {
        lock (_gate)
        {
            Drop((resource.CollectionPath(), KeyOf(@namespace, name)));
        }
    }

    /// <summary>Tells every open watch of a kind how far the server is.</summary>
    public void Bookmark(ApiResource resource)
    {
        lock (_gate)
        {
            var bookmark = new JsonObject
            {
                ["type"] = "BOOKMARK",
                ["object"] = new JsonObject { ["kind"] = resource.Kind, ["metadata"] = new JsonObject { ["resourceVersion"] = Text(++_version) } },
            };
            Broadcast(resource.CollectionPath(), bookmark.ToJsonString());
        }
    }

    /// <summary>The open watches stay open, but nothing comes on them any more.</summary>
    public void Silence()
    {
        lock (_gate)
        {
            _watches.ForEach(w => w.Silent = true);
        }
    }

    public void BreakWatches()
    {
        foreach (var watch in Watches)
        {
            watch.Break();
        }
    }

    /// <summary>As a restore from a backup does it: the last object made is gone and its version was never given out; all watches break.</summary>
    public void SetBack()
    {
        lock (_gate)
        {
            var last = _log[^1];
            _log.RemoveAt(_log.Count - 1);
            _objects.Remove((last.Collection, KeyOf(last.Object.Object("metadata").String("namespace") ?? "", last.Object.Object("metadata").String("name")!)));
            _version = last.Version - 1;
        }

        BreakWatches();
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            _requests.Add($"{request.Method} {request.RequestUri!.PathAndQuery}");
        }

        if (Before is { } before)
        {
            await before(request, cancellationToken);
        }

        if (Script?.Invoke(request) is { } scripted)
        {
            return scripted;
        }

        var body = request.Content is null ? null : KubernetesJson.Parse(await request.Content.ReadAsByteArrayAsync(cancellationToken));
        lock (_gate)
        {
            return Answer(request, body);
        }
    }

    private HttpResponseMessage Answer(HttpRequestMessage request, JsonNode? body)
    {
        var query = HttpUtility.ParseQueryString(request.RequestUri!.Query);
        var target = Target.Parse(request.RequestUri.AbsolutePath);
        var id = (target.Collection, KeyOf(target.Namespace, target.Name));
        return request.Method.Method switch
        {
            "GET" when target.Name.Length == 0 && query["watch"] == "true" => Watch(target, long.Parse(query["resourceVersion"] ?? "0", CultureInfo.InvariantCulture)),
            "GET" when target.Name.Length == 0 => List(target, int.Parse(query["limit"] ?? "500", CultureInfo.InvariantCulture), query["continue"]),
            "GET" => _objects.TryGetValue(id, out var found) ? Json(found) : Status(HttpStatusCode.NotFound, "NotFound", $"\"{target.Name}\" not found"),
            "POST" => Create(target, (JsonObject)body!),
            "PATCH" => Patch(target, id, (JsonObject)body!),
            "DELETE" => Delete(id),
            _ => Status(HttpStatusCode.MethodNotAllowed, "MethodNotAllowed", request.Method.Method),
        };
    }

    private HttpResponseMessage List(Target target, int limit, string? next)
    {
        var from = 0;
        Expired &= limit == 1; // who asks for one object asks for the version alone
        if (next is not null)
        {
            from = int.Parse(next, CultureInfo.InvariantCulture);
        }

        var all = _objects.Where(o => o.Key.Collection == target.Collection && Within(target, o.Value)).Select(o => o.Value).ToList();
        var metadata = new JsonObject { ["resourceVersion"] = Text(_version) };
        if (from + limit < all.Count)
        {
            metadata["continue"] = Text(from + limit);
        }

        return Json(new JsonObject
        {
            ["kind"] = "List",
            ["apiVersion"] = "v1",
            ["metadata"] = metadata,
            ["items"] = new JsonArray([.. all.Skip(from).Take(limit).Select(o => o.DeepClone())]),
        });
    }

    private HttpResponseMessage Watch(Target target, long version)
    {
        if (Expired)
        {
            return Status(HttpStatusCode.Gone, "Expired", "too old resource version");
        }

        var watch = new OpenWatch(target.Collection, version);
        foreach (var change in _log.Where(c => c.Collection == target.Collection && c.Version > version && Within(target, c.Object)))
        {
            watch.Send($$"""{"type":"{{change.Type}}","object":{{change.Object.ToJsonString()}}}""");
        }

        _watches.Add(watch);
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(watch.Reader) };
    }

    private HttpResponseMessage Create(Target target, JsonObject body)
    {
        var metadata = body.Object("metadata")!;
        var id = (target.Collection, KeyOf(target.Namespace, metadata.String("name")!));
        if (_objects.ContainsKey(id))
        {
            return Status(HttpStatusCode.Conflict, "AlreadyExists", $"\"{id.Item2}\" already exists");
        }

        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["generation"] = 1;
        Store(id, body, WatchEvent.Added);
        return Json(body, HttpStatusCode.Created);
    }

    private HttpResponseMessage Patch(Target target, (string Collection, string Key) id, JsonObject patch)
    {
        if (!_objects.TryGetValue(id, out var old))
        {
            return Status(HttpStatusCode.NotFound, "NotFound", $"\"{target.Name}\" not found");
        }

        var asked = patch.Object("metadata");
        if (asked.String("resourceVersion") is { } version && version != old.Object("metadata").String("resourceVersion"))
        {
            return Status(HttpStatusCode.Conflict, "Conflict", "the object has been modified");
        }

        if (asked.String("uid") is { } uid && uid != old.Object("metadata").String("uid"))
        {
            return Status(HttpStatusCode.Conflict, "Conflict", "Precondition failed: UID");
        }

        var value = (JsonObject)Merge(old.DeepClone(), patch)!;
        if (JsonNode.DeepEquals(value, old))
        {
            return Json(old);
        }

        var metadata = value.Object("metadata")!;
        if (metadata.ContainsKey("deletionTimestamp") && metadata.Array("finalizers") is null or { Count: 0 })
        {
            Drop(id);
            return Json(value);
        }

        Store(id, value, WatchEvent.Modified);
        return Json(value);
    }

    private HttpResponseMessage Delete((string Collection, string Key) id)
    {
        if (!_objects.TryGetValue(id, out var old))
        {
            return Status(HttpStatusCode.NotFound, "NotFound", "not found");
        }

        if (old.Object("metadata").Array("finalizers") is { Count: > 0 })
        {
            var value = (JsonObject)old.DeepClone();
            value.Object("metadata")!["deletionTimestamp"] = "2026-01-01T00:00:00Z";
            Store(id, value, WatchEvent.Modified);
        }
        else
        {
            Drop(id);
        }

        return Json(new JsonObject { ["kind"] = "Status", ["status"] = "Success" });
    }

    private void Store((string Collection, string Key) id, JsonObject value, string type)
    {
        value.Object("metadata")!["resourceVersion"] = Text(++_version);
        _objects[id] = (JsonObject)value.DeepClone();
        Tell(id.Collection, type, _objects[id]);
    }

    private void Drop((string Collection, string Key) id)
    {
        if (_objects.Remove(id, out var old))
        {
            var last = (JsonObject)old.DeepClone();
            last.Object("metadata")!["resourceVersion"] = Text(++_version);
            Tell(id.Collection, WatchEvent.Deleted, last);
        }
    }

    private void Tell(string collection, string type, JsonObject value)
    {
        _log.Add((collection, _version, type, value));
        Broadcast(collection, $$"""{"type":"{{type}}","object":{{value.ToJsonString()}}}""");
    }

    private void Broadcast(string collection, string line)
    {
        foreach (var watch in _watches.Where(w => w.Collection == collection && !w.Ended && !w.Silent))
        {
            watch.Send(line);
        }
    }

    internal static HttpResponseMessage Status(HttpStatusCode code, string reason, string message) => Json(
        new JsonObject
        {
            ["kind"] = "Status", ["apiVersion"] = "v1", ["status"] = "Failure", ["reason"] = reason, ["message"] = message, ["code"] = (int)code,
        },
        code);

    internal static HttpResponseMessage Json(JsonNode value, HttpStatusCode code = HttpStatusCode.OK) =>
        new(code) { Content = new StringContent(value.ToJsonString(), Encoding.UTF8, "application/json") };

    private static JsonNode? Merge(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }

        var result = target as JsonObject ?? [];
        foreach (var (name, value) in changes)
        {
            var before = result[name];
            result.Remove(name);
            if (value is not null)
            {
                result[name] = Merge(before?.DeepClone(), value);
            }
        }

        return result;
    }

    private static bool Within(Target target, JsonObject value) =>
        target.Namespace.Length == 0 || value.Object("metadata").String("namespace") == target.Namespace;

    private static string KeyOf(string @namespace, string name) => $"{@namespace}/{name}";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record Target(string Collection, string Namespace, string Name)
    {
        public static Target Parse(string path)
        {
            var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString).ToList();
            var root = parts[0] == "api" ? 2 : 3;
            var space = "";
            var at = root;
            if (parts.Count > root + 2 && parts[root] == "namespaces" && parts[root + 2] is not "status")
            {
                space = parts[root + 1];
                at = root + 2;
            }

            return new Target("/" + string.Join('/', parts.Take(root).Append(parts[at])), space, parts.Count > at + 1 ? parts[at + 1] : "");
        }
    }
}
