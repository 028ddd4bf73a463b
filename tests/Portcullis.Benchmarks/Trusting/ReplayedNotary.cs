using Microsoft.AspNetCore.Http;
using Portcullis.Clients.Notary;
using Portcullis.Clients.Registry;
using Portcullis.Http.Serving;
using Portcullis.Testing.Servers;

namespace Portcullis.Benchmarks.Trusting;

/// <summary>Answers under every name with the same files, so that there may be ten thousand names.</summary>
internal sealed class ReplayedNotary : IAsyncDisposable
{
    private readonly SocketsHttpHandler _handler = new() { AllowAutoRedirect = false, UseProxy = false, UseCookies = false };
    private readonly IReadOnlyDictionary<string, byte[]> _files;
    private HttpServer _server = null!;
    private int _requests;

    private ReplayedNotary(IReadOnlyDictionary<string, byte[]> files) => _files = files;

    public NotaryClient Client { get; private set; } = null!;

    public int Requests => Volatile.Read(ref _requests);

    public static async Task<ReplayedNotary> StartAsync(IReadOnlyDictionary<string, byte[]> files)
    {
        var notary = new ReplayedNotary(files);
        notary._server = await LoopbackServer.StartAsync(null, notary.AnswerAsync);
        notary.Client = NotaryClient.Create(RegistryEndpoint.TryParse(notary._server.Address, allowPlainHttp: true)!, notary._handler, new RegistryClientOptions());
        return notary;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _handler.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        var path = context.Request.Path.Value!;
        var at = path.IndexOf("/tuf/", StringComparison.Ordinal);
        if (at >= 0 && _files.TryGetValue(path[(at + 5)..], out var file))
        {
            await context.Response.Body.WriteAsync(file, context.RequestAborted);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        await context.Response.WriteAsync("""{"errors":[{"code":"METADATA_NOT_FOUND"}]}""", context.RequestAborted);
    }
}
