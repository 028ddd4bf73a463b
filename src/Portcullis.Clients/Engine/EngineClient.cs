using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Docker.DotNet;
using Docker.DotNet.Models;
using Portcullis.Http.Connections;

namespace Portcullis.Clients.Engine;

/// <summary>
/// The Docker Engine API over its unix socket, by Docker.DotNet: the few calls this program needs, each bounded in time and size. The paths
/// carry no version, so that the engine answers as itself whatever its age. Every call throws <see cref="EngineException"/> alone.
/// </summary>
public sealed class EngineClient : IDisposable
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(15);
    private readonly DockerClient _docker;
    private readonly HttpClient _raw;
    private readonly EngineCalls _calls;

    private EngineClient(string socket, TimeSpan answerWithin)
    {
        SocketPath = socket;
        var handler = new BoundedAnswers(UnixSocket.CreateHandler(socket));
        _docker = new DockerClientBuilder().WithEndpoint(EngineTransport.Address).WithTimeout(answerWithin)
            .WithTransportOptions(new EngineTransport(), handler).Build();
        _raw = new HttpClient(handler, disposeHandler: false) { BaseAddress = EngineTransport.Address, Timeout = answerWithin };
        _calls = new EngineCalls(answerWithin);
    }

    /// <summary>The file of the engine's socket.</summary>
    public string SocketPath { get; }

    /// <param name="address"><c>unix:///path</c>.</param>
    /// <exception cref="ArgumentException">It is another kind of address.</exception>
    public static EngineClient Connect(string address) => Connect(address, AnswerWithin);

    internal static EngineClient Connect(string address, TimeSpan answerWithin)
    {
        const string scheme = "unix://";
        return address.StartsWith(scheme, StringComparison.Ordinal) && address.Length > scheme.Length
            ? new EngineClient(address[scheme.Length..], answerWithin)
            : throw new ArgumentException($"{address}: an engine is reached by its unix socket, as in unix:///var/run/docker.sock", nameof(address));
    }

    /// <summary>Whether the engine answers at all.</summary>
    public Task PingAsync(CancellationToken cancellationToken) => _calls.MakeAsync(
        "_ping",
        async () =>
        {
            await _docker.System.PingAsync(cancellationToken);
            return true;
        },
        cancellationToken);

    public Task<VersionResponse> GetVersionAsync(CancellationToken cancellationToken) =>
        _calls.MakeAsync("version", () => _docker.System.GetVersionAsync(cancellationToken), cancellationToken);

    /// <summary>Read here and not by Docker.DotNet, whose type drops the settings that it does not know.</summary>
    public Task<EngineInfo> GetInfoAsync(CancellationToken cancellationToken) => _calls.MakeAsync(
        "info",
        async () =>
        {
            using var response = await _raw.GetAsync(new Uri("info", UriKind.Relative), cancellationToken);
            var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return response.IsSuccessStatusCode
                ? EngineInfo.Read(bytes)
                : throw new DockerApiException(response.StatusCode, System.Text.Encoding.UTF8.GetString(bytes));
        },
        cancellationToken);

    public Task<IList<ContainerListResponse>> ListContainersAsync(bool all, CancellationToken cancellationToken) => _calls.MakeAsync(
        "containers/json", () => _docker.Containers.ListContainersAsync(new ContainersListParameters { All = all }, cancellationToken), cancellationToken);

    /// <summary>The network; null when there is none of this name.</summary>
    public async Task<NetworkResponse?> GetNetworkAsync(string name, CancellationToken cancellationToken)
    {
        var escaped = Uri.EscapeDataString(name);
        try
        {
            return await _calls.MakeAsync($"networks/{escaped}", () => _docker.Networks.InspectNetworkAsync(escaped, cancellationToken), cancellationToken);
        }
        catch (EngineException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>The Swarm; null on a node that is no manager of one.</summary>
    public async Task<SwarmInspectResponse?> GetSwarmAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _calls.MakeAsync("swarm", () => _docker.Swarm.InspectSwarmAsync(cancellationToken), cancellationToken);
        }
        catch (EngineException e) when (e.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.NotAcceptable)
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
        var wanted = new ContainerEventsParameters
        {
            Filters = new Dictionary<string, IDictionary<string, bool>> { ["type"] = new Dictionary<string, bool> { [type] = true } },
            Since = since?.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        };
#pragma warning disable CS0618 // What is to take its place does not say when the engine has opened the stream.
        await using var stream = await _calls.MakeAsync("events", () => _docker.System.MonitorEventsAsync(wanted, cancellationToken), cancellationToken);
#pragma warning restore CS0618
        listening?.TrySetResult();
        await using var events = JsonSerializer.DeserializeAsyncEnumerable(stream, EngineJsonContext.Default.EngineEvent, topLevelValues: true, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(events))
        {
            if (events.Current is { } one)
            {
                yield return one;
            }
        }
    }

    public void Dispose()
    {
        _raw.Dispose();
        _docker.Dispose();
    }

    private static async Task<bool> NextAsync(IAsyncEnumerator<EngineEvent?> events)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (Exception e) when (e is IOException or HttpRequestException or JsonException)
        {
            throw new EngineException("the engine broke off its events", null, e);
        }
    }
}
