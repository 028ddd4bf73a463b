using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Docker.DotNet;

namespace Portcullis.Clients.Engine;

/// <summary>Makes one call and turns whatever Docker.DotNet throws into an <see cref="EngineException"/> that says what was asked.</summary>
internal sealed class EngineCalls(TimeSpan answerWithin)
{
    private const int MessageLimit = 1000;

    public async Task<T> MakeAsync<T>(string path, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call() ?? throw new JsonException("null");
        }
        catch (DockerApiException e)
        {
            throw new EngineException($"GET /{path}: {(int)e.StatusCode} {MessageOf(e)}", e.StatusCode, e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EngineException($"the engine did not answer GET /{path} within {answerWithin.TotalSeconds:0.#} s", null, e);
        }
        catch (JsonException e)
        {
            throw new EngineException($"GET /{path}: the engine's answer is not what it should be", HttpStatusCode.BadGateway, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            throw new EngineException($"the engine cannot be reached (GET /{path}): {Why(e)}", null, e);
        }
    }

    /// <summary>What the engine says of itself is JSON; what stands between (a plugin's answer) may be anything.</summary>
    private static string MessageOf(DockerApiException e)
    {
        var body = e.ResponseBody ?? "";
        try
        {
            return JsonSerializer.Deserialize(body, EngineJsonContext.Default.EngineErrorAnswer)?.Message ?? "";
        }
        catch (JsonException)
        {
            return body.Length <= MessageLimit ? body.Trim() : body[..MessageLimit] + "…";
        }
    }

    private static string Why(Exception e) => (e.InnerException ?? e) switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "connection refused",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported } => "there is no such socket",
        var inner => inner.Message,
    };
}
