using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Portcullis.Http.Serving;
using Portcullis.Testing.Servers;

namespace Portcullis.Tests.Webhooks;

/// <summary>A receiver of notifications that keeps what it got and answers as the test says.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly ConcurrentQueue<ReceivedNotice> _received = new();
    private HttpServer _server = null!;

    /// <summary>The answer to every request.</summary>
    public int Status { get; set; } = 200;

    public Uri Address => new(_server.Address);

    public IReadOnlyList<ReceivedNotice> Received => [.. _received];

    public static async Task<WebhookReceiver> StartAsync()
    {
        var receiver = new WebhookReceiver();
        receiver._server = await LoopbackServer.StartAsync(null, receiver.TakeAsync);
        return receiver;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        _received.Enqueue(new ReceivedNotice(
            $"{context.Request.Path}{context.Request.QueryString}", context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), body));
        context.Response.StatusCode = Status;
    }
}

/// <summary>One request that a receiver got.</summary>
internal sealed record ReceivedNotice(string Path, IReadOnlyDictionary<string, string> Headers, string Body);
