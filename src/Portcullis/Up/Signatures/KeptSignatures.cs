using Portcullis.Clients.Notary;
using Portcullis.Clients.Registry;
using Portcullis.Gateway.Forwarding;
using Portcullis.Registries;
using Portcullis.Tokens;
using Portcullis.Up.Components;

namespace Portcullis.Up.Signatures;

/// <summary>
/// Runs the <see cref="SignatureKeeper"/> of one run beside its Notary server. What comes through the gateway is kept before the request is answered;
/// what is published past it, as the operator does, when the changefeed shows it.
/// </summary>
internal sealed class KeptSignatures : IPublishedTrust, IAsyncDisposable
{
    private const string Folder = "signatures";

    // On loopback a look that finds nothing costs the server some microseconds.
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _stop = new();
    private readonly SocketsHttpHandler _handler = new() { AllowAutoRedirect = false, UseProxy = false, UseCookies = false };
    private readonly UpstreamTokens _tokens;
    private readonly SignatureKeeper _keeper;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Task _loop;

    private KeptSignatures(StateFolder state, UpstreamTokens tokens, TimeProvider time)
    {
        _tokens = tokens;
        var options = new RegistryClientOptions { Authorization = new NotaryAuthorization(tokens), Time = time };
        var server = NotaryClient.Create(RegistryEndpoint.TryParse(NotaryComponent.AddressOf(state), allowPlainHttp: true)!, _handler, options);
        _keeper = new SignatureKeeper(server, new SignatureArchive(state.Folder(Folder)));
        _loop = Task.Run(() => RunAsync(time, _stop.Token), CancellationToken.None);
    }

    public static KeptSignatures Start(StateFolder state, TokenSigningKey signing, TimeProvider time)
    {
        var key = UpstreamKey.Read(File.ReadAllText(signing.KeyFile), File.ReadAllText(signing.CertificateFile));
        return new KeptSignatures(state, new UpstreamTokens(key, TokenSigningKey.Issuer, TokenSigningKey.Service, time), time);
    }

    public Task PublishedAsync(string gun, CancellationToken cancellationToken) => TryAsync(() => _keeper.KeepAsync(gun, cancellationToken), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _handler.Dispose();
        _tokens.Dispose();
        _stop.Dispose();
        _turn.Dispose();
    }

    private async Task RunAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await TryAsync(() => _keeper.LookAsync(cancellationToken), cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The run ends.
        }
    }

    private async Task TryAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await work();
        }
        catch (Exception e) when (e is NotaryException or IOException)
        {
            // The server is being started, or has ended and will be started again: its state is shown as that of a component. Or the disk is full. The next look tries again.
        }
        finally
        {
            _turn.Release();
        }
    }
}
