using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Portcullis.Clients.Notary;
using Portcullis.Clients.Registry;
using Portcullis.Http.Serving;
using Portcullis.Testing.Servers;

namespace Portcullis.Tests.Trust.Reading;

/// <summary>Stands before a real Notary server and answers with something else where the test says so: old files, other files, damaged ones, none, nothing.</summary>
internal sealed class MeddlingNotary : IAsyncDisposable
{
    private readonly SocketsHttpHandler _handler = new() { AllowAutoRedirect = false, UseProxy = false, UseCookies = false };
    private readonly HttpMessageInvoker _upstream;
    private readonly ConcurrentQueue<string> _asked = [];
    private readonly Uri _server;
    private HttpServer _http = null!;

    private MeddlingNotary(Uri server)
    {
        _server = server;
        _upstream = new HttpMessageInvoker(_handler, disposeHandler: false);
    }

    /// <summary>What is given in place of the real answer, by the file's name (<c>targets/ci.HASH.json</c>); null for 404, an IOException for a connection that breaks off.</summary>
    public Func<string, byte[]?, byte[]?> Instead { get; set; } = (_, real) => real;

    /// <summary>Whether connections break off instead of being answered.</summary>
    public bool IsDown { get; set; }

    /// <summary>Completes before anything is answered.</summary>
    public Task Held { get; set; } = Task.CompletedTask;

    /// <summary>The names of all files that were asked for, the changefeed too.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    /// <summary>Each file as the real server gave it last.</summary>
    public ConcurrentDictionary<string, byte[]> Given { get; } = new(StringComparer.Ordinal);

    public NotaryClient Client { get; private set; } = null!;

    public static async Task<MeddlingNotary> StartAsync(Uri server)
    {
        var meddling = new MeddlingNotary(server);
        meddling._http = await LoopbackServer.StartAsync(null, meddling.AnswerAsync);
        meddling.Client = NotaryClient.Create(RegistryEndpoint.TryParse(meddling._http.Address, allowPlainHttp: true)!, meddling._handler, new RegistryClientOptions { Patience = TimeSpan.FromSeconds(5) });
        return meddling;
    }

    /// <summary>Forgets what was asked for.</summary>
    public void Forget() => _asked.Clear();

    public async ValueTask DisposeAsync()
    {
        await _http.DisposeAsync();
        _upstream.Dispose();
        _handler.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        var name = path.Contains("/tuf/", StringComparison.Ordinal) ? path[(path.IndexOf("/tuf/", StringComparison.Ordinal) + 5)..] : path[(path.LastIndexOf('/') + 1)..];
        _asked.Enqueue(name);
        await Held.WaitAsync(context.RequestAborted);
        if (IsDown)
        {
            context.Abort();
            return;
        }

        var real = await RealAsync(new Uri(_server, path + context.Request.QueryString.Value), context.RequestAborted);
        if (real is not null)
        {
            Given[name] = real;
        }

        byte[]? answer;
        try
        {
            answer = Instead(name, real);
        }
        catch (IOException)
        {
            context.Abort();
            return;
        }

        if (answer is { } bytes)
        {
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        await context.Response.WriteAsync("""{"errors":[{"code":"METADATA_NOT_FOUND","message":"none","detail":null}]}""", context.RequestAborted);
    }

    private async Task<byte[]?> RealAsync(Uri url, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        using var response = await _upstream.SendAsync(request, cancellationToken);
        return response.IsSuccessStatusCode ? await response.Content.ReadAsByteArrayAsync(cancellationToken) : null;
    }
}
