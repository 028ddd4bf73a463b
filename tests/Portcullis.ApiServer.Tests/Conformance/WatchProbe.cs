using System.Text;
using System.Text.Json.Nodes;
using Portcullis.Testing;

namespace Portcullis.ApiServer.Tests.Conformance;

/// <summary>One open watch: collects its lines while the other steps run.</summary>
internal sealed class WatchProbe : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<JsonNode> _events = [];
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;
    private int _status;
    private string _contentType = "";
    private bool _closed;

    private WatchProbe(HttpClient http, string path, string accept) => _reading = Task.Run(() => ReadAsync(http, path, accept));

    public static WatchProbe Open(HttpClient http, string path, string accept) => new(http, path, accept);

    public Task StartedAsync() => _started.Task.WaitAsync(TimeSpan.FromSeconds(10));

    public async Task<List<string>> CompareAsync(JsonObject recorded)
    {
        var wanted = ((JsonArray)recorded["events"]!).Count;
        var closes = recorded["closedByServer"]?.GetValue<bool>() == true;

        // What is missing then shows in the comparison.
        await Eventually.ComesAsync(() => Task.FromResult(Count() >= wanted && (!closes || _closed)), TimeSpan.FromSeconds(6));

        var expected = new JsonObject
        {
            ["status"] = recorded["status"]!.DeepClone(),
            ["contentType"] = recorded["contentType"]!.DeepClone(),
            ["closed"] = closes,
            ["events"] = Ordered((JsonArray)recorded["events"]!),
        };
        var actual = new JsonObject { ["status"] = _status, ["contentType"] = _contentType, ["closed"] = _closed, ["events"] = Ordered(Snapshot()) };
        return Difference.Between(Mask.Of(expected), Mask.Of(actual)).ToList();
    }

    public void Dispose()
    {
        _stop.Cancel();
        _reading.Wait(TimeSpan.FromSeconds(5));
        _stop.Dispose();
    }

    /// <summary>What a namespace gets by itself arrives in no fixed order.</summary>
    private static JsonArray Ordered(JsonArray events)
    {
        var furniture = events.Where(IsFurniture).OrderBy(e => e!["object"]!["metadata"]!["name"]!.ToString(), StringComparer.Ordinal);
        return new JsonArray(furniture.Concat(events.Where(e => !IsFurniture(e))).Select(e => e?.DeepClone()).ToArray());
    }

    private static bool IsFurniture(JsonNode? entry) =>
        entry?["object"]?["metadata"]?["name"]?.ToString() is "kube-root-ca.crt" or "openshift-service-ca.crt";

    private int Count()
    {
        lock (_events)
        {
            return _events.Count;
        }
    }

    private JsonArray Snapshot()
    {
        lock (_events)
        {
            return new JsonArray(_events.Select(e => (JsonNode?)e.DeepClone()).ToArray());
        }
    }

    private async Task ReadAsync(HttpClient http, string path, string accept)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path.TrimStart('/'));
            request.Headers.TryAddWithoutValidation("Accept", accept);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _stop.Token);
            _status = (int)response.StatusCode;
            _contentType = string.Join(",", response.Content.Headers.NonValidated["Content-Type"]);
            _started.TrySetResult();
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(_stop.Token), Encoding.UTF8);
            while (await reader.ReadLineAsync(_stop.Token) is { } line)
            {
                lock (_events)
                {
                    _events.Add(JsonNode.Parse(line)!);
                }
            }

            _closed = true;
        }
        catch (OperationCanceledException)
        {
            // The test is done with it.
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            _closed = true;
        }
        finally
        {
            _started.TrySetResult();
        }
    }
}
