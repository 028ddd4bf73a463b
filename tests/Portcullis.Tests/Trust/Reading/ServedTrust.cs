using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Portcullis.Clients.Notary;
using Portcullis.Clients.Registry;
using Portcullis.Http.Serving;
using Portcullis.Testing.Servers;
using Portcullis.Testing.Trust;

namespace Portcullis.Tests.Trust.Reading;

/// <summary>Serves the files of <see cref="MadeTrust"/> as a Notary server does, also those that no server would take.</summary>
internal sealed class ServedTrust : IAsyncDisposable
{
    private readonly SocketsHttpHandler _handler = new() { AllowAutoRedirect = false, UseProxy = false, UseCookies = false };
    private readonly ConcurrentQueue<string> _asked = [];
    private HttpServer _http = null!;

    private ServedTrust(MadeTrust made) => Made = made;

    public MadeTrust Made { get; }

    public NotaryClient Client { get; private set; } = null!;

    /// <summary>What is given for a file that there is not, by its name; null for 404. Every version of a root is the one that there is.</summary>
    public Func<string, byte[]?> Else { get; set; } = _ => null;

    /// <summary>Completes before anything is answered.</summary>
    public Task Held { get; set; } = Task.CompletedTask;

    /// <summary>The names of all files that were asked for, the changefeed too.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    public static async Task<ServedTrust> StartAsync(MadeTrust made)
    {
        var served = new ServedTrust(made);
        served._http = await LoopbackServer.StartAsync(null, served.AnswerAsync);
        served.Client = NotaryClient.Create(RegistryEndpoint.TryParse(served._http.Address, allowPlainHttp: true)!, served._handler, new RegistryClientOptions());
        return served;
    }

    public async ValueTask DisposeAsync()
    {
        await _http.DisposeAsync();
        _handler.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        var at = path.IndexOf("/tuf/", StringComparison.Ordinal);
        var name = at < 0 ? path[(path.LastIndexOf('/') + 1)..] : path[(at + 5)..];
        _asked.Enqueue(name);
        await Held.WaitAsync(context.RequestAborted);
        var parts = name.Split('.');
        var role = int.TryParse(parts[0], out _) ? parts[1] : parts[0];
        if ((Made.Files.TryGetValue(role, out var file) ? file : Else(name)) is { } found)
        {
            await context.Response.Body.WriteAsync(found, context.RequestAborted);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        await context.Response.WriteAsync("""{"errors":[{"code":"METADATA_NOT_FOUND"}]}""", context.RequestAborted);
    }
}
