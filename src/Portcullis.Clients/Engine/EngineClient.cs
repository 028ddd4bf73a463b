using System.Globalization;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Portcullis.Clients.Engine;

/// <summary>
/// The Docker Engine API over its unix socket: the few calls this program needs, each bounded in time and size. The paths carry no
/// version, so that the engine answers as itself whatever its age. Every call throws <see cref="EngineException"/> alone.
/// </summary>
public sealed class EngineClient : IDisposable
{
    private const int LargestAnswer = 32 * 1024 * 1024;
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(15);
    private readonly HttpClient _http;

    public EngineClient(HttpClient http) => _http = http;

    /// <param name="address"><c>unix:///path</c>.</param>
    /// <exception cref="ArgumentException">It is another kind of address.</exception>
    public static EngineClient Connect(string address)
    {
        const string scheme = "unix://";
        if (!address.StartsWith(scheme, StringComparison.Ordinal) || address.Length == scheme.Length)
        {
            throw new ArgumentException($"{address}: an engine is reached by its unix socket, as in unix:///var/run/docker.sock", nameof(address));
        }

        var path = address[scheme.Length..];
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            ConnectCallback = async (_, token) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), token);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        return new EngineClient(new HttpClient(handler)
        {
            BaseAddress = new Uri("http://engine/"),
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = LargestAnswer,
        });
    }

    /// <summary>Whether the engine answers at all.</summary>
    public async Task PingAsync(CancellationToken cancellationToken) => await GetBytesAsync("_ping", cancellationToken);

    public Task<EngineVersionAnswer> GetVersionAsync(CancellationToken cancellationToken) =>
        GetAsync("version", EngineJsonContext.Default.EngineVersionAnswer, cancellationToken);

    public async Task<EngineInfo> GetInfoAsync(CancellationToken cancellationToken)
    {
        var bytes = await GetBytesAsync("info", cancellationToken);
        var info = Read("info", bytes, EngineJsonContext.Default.EngineInfo);
        return info with { Raw = (JsonObject)JsonNode.Parse(bytes)! };
    }

    public async Task<IReadOnlyList<ContainerSummary>> ListContainersAsync(bool all, CancellationToken cancellationToken) =>
        await GetAsync(all ? "containers/json?all=1" : "containers/json", EngineJsonContext.Default.ListContainerSummary, cancellationToken);

    /// <summary>The network; null when there is none of this name.</summary>
    public async Task<NetworkAnswer?> GetNetworkAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await GetAsync($"networks/{Uri.EscapeDataString(name)}", EngineJsonContext.Default.NetworkAnswer, cancellationToken);
        }
        catch (EngineException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>The Swarm; null on a node that is no manager of one.</summary>
    public async Task<SwarmAnswer?> GetSwarmAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await GetAsync("swarm", EngineJsonContext.Default.SwarmAnswer, cancellationToken);
        }
        catch (EngineException e) when (e.StatusCode is System.Net.HttpStatusCode.ServiceUnavailable or System.Net.HttpStatusCode.NotAcceptable)
        {
            return null;
        }
    }

    /// <summary>
    /// Events of one type (daemon, container, …) from now on. <paramref name="listening"/> completes once the engine has opened the
    /// stream: nothing that happens after it is missed. Ends when the engine closes the stream.
    /// </summary>
    public IAsyncEnumerable<EngineEvent> WatchEventsAsync(string type, TaskCompletionSource? listening, CancellationToken cancellationToken) =>
        WatchEventsAsync(type, null, listening, cancellationToken);

    /// <summary>The same, with what the engine still remembers since a moment before it: a few hundred events at most.</summary>
    public async IAsyncEnumerable<EngineEvent> WatchEventsAsync(
        string type, DateTimeOffset? since, TaskCompletionSource? listening, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filters = new JsonObject { ["type"] = new JsonArray((JsonNode)type) }.ToJsonString();
        var from = since is { } moment ? string.Create(CultureInfo.InvariantCulture, $"&since={moment.ToUnixTimeSeconds()}") : "";
        using var response = await OpenAsync($"events?filters={Uri.EscapeDataString(filters)}{from}", cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        listening?.TrySetResult();
        var events = JsonSerializer.DeserializeAsyncEnumerable(stream, EngineJsonContext.Default.EngineEvent, topLevelValues: true, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        await using var _ = events;
        while (true)
        {
            EngineEvent? next;
            try
            {
                if (!await events.MoveNextAsync())
                {
                    yield break;
                }

                next = events.Current;
            }
            catch (Exception e) when (e is IOException or HttpRequestException or JsonException)
            {
                throw new EngineException("the engine broke off its events", null, e);
            }

            if (next is not null)
            {
                yield return next;
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        Read(path, await GetBytesAsync(path, cancellationToken), type);

    private async Task<byte[]> GetBytesAsync(string path, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AnswerWithin);
        try
        {
            using var response = await OpenAsync(path, limit.Token);
            return await response.Content.ReadAsByteArrayAsync(limit.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EngineException($"the engine did not answer GET /{path} within {AnswerWithin.TotalSeconds:0} s", null, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Unreachable(path, e);
        }
    }

    private async Task<HttpResponseMessage> OpenAsync(string path, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await _http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            throw Unreachable(path, e);
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            var message = await ErrorAsync(response, cancellationToken);
            throw new EngineException($"GET /{path}: {(int)response.StatusCode} {message}", response.StatusCode);
        }
    }

    private static async Task<string> ErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        try
        {
            return JsonSerializer.Deserialize(buffer.AsSpan(0, length), EngineJsonContext.Default.EngineErrorAnswer)?.Message ?? "";
        }
        catch (JsonException)
        {
            return response.ReasonPhrase ?? "";
        }
    }

    private static T Read<T>(string path, byte[] bytes, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, type) ?? throw new EngineException($"GET /{path}: the engine answered null");
        }
        catch (JsonException e)
        {
            throw new EngineException($"GET /{path}: the engine's answer is not what it should be", System.Net.HttpStatusCode.BadGateway, e);
        }
    }

    private static EngineException Unreachable(string path, Exception e)
    {
        var why = (e.InnerException ?? e) switch
        {
            SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "connection refused",
            SocketException { SocketErrorCode: SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported } => "there is no such socket",
            var inner => inner.Message,
        };
        return new EngineException($"the engine cannot be reached (GET /{path}): {why}", null, e);
    }
}
