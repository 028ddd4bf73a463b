using Microsoft.AspNetCore.Http;
using Portcullis.Clients.Notary;
using Portcullis.Clients.Registry;
using Portcullis.Core.Repositories;
using Portcullis.Core.Signing;
using Portcullis.Core.Trust.Tuf;
using Portcullis.Http.Serving;
using Portcullis.Signing;
using Portcullis.Testing.Servers;
using Portcullis.Trust.Reading;

namespace Portcullis.Benchmarks.Admitting;

/// <summary>The program's own cache of trust data before a server that says what it is told: every verification that the cache asks for is counted, and takes 20 ms.</summary>
internal sealed class CountedVerifier : IImageVerifier, IAsyncDisposable
{
    private static readonly TimeSpan Takes = TimeSpan.FromMilliseconds(20);

    private readonly TrustCache _cache;
    private readonly Func<string, RepositoryTrust> _signed;
    private readonly HttpServer _server;
    private readonly SocketsHttpHandler _handler = new() { AllowAutoRedirect = false, UseCookies = false, UseProxy = false };
    private readonly NotaryClient _notary;
    private int _verified;

    private CountedVerifier(HttpServer server, Func<string, RepositoryTrust> signed)
    {
        (_server, _signed) = (server, signed);
        _notary = NotaryClient.Create(RegistryEndpoint.TryParse(server.Address, allowPlainHttp: true)!, _handler, new RegistryClientOptions());
        var options = new TrustCacheOptions { AskAgainAfter = TimeSpan.FromMinutes(10), WaitAfter = TimeSpan.FromMinutes(10) };
        _cache = new TrustCache(VerifyAsync, new ChangeFeeds(options, TimeProvider.System), options, TimeProvider.System);
    }

    public string Name => "notary";

    public int Verified => Volatile.Read(ref _verified);

    public static async Task<CountedVerifier> StartAsync(Func<string, RepositoryTrust> signed) => new(
        await LoopbackServer.StartAsync(null, context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }),
        signed);

    public ValueTask<TrustFinding> FindAsync(RepositoryId repository, Freshness freshness, CancellationToken cancellationToken) =>
        _cache.FindAsync(new TrustAnchor(repository.Name, ["key"]), _notary, freshness, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _handler.Dispose();
        await _server.DisposeAsync();
    }

    private async Task<ReadOutcome> VerifyAsync(TrustAnchor anchor, NotaryClient server, TrustReading? known, SeenVersions? seen, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _verified);
        await Task.Delay(Takes, cancellationToken);
        return new ReadOutcome.Verified(new TrustReading(TrustedSet.Begin(anchor, new VerificationKeys()), _signed(anchor.Gun), 1000, DateTimeOffset.MaxValue));
    }
}
