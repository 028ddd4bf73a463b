using System.Security.Cryptography.X509Certificates;

namespace Portcullis.Kubernetes.Connection;

/// <summary>
/// What a credential plugin gave, kept until shortly before it expires or the server refuses it. Many requests that need a new one
/// at once cause one run.
/// </summary>
internal sealed class ExecCredentials(ExecPlugin plugin, X509Certificate2? certificate, TimeProvider time) : ICredentialSource
{
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private Task<(Credential Credential, DateTimeOffset? Expires)>? _run;
    private volatile X509Certificate2? _given;

    /// <summary>Of the last run that succeeded: while the next one runs, requests under way go on with it.</summary>
    public X509Certificate2? Certificate => _given ?? certificate;

    public async ValueTask<Credential> GetAsync(CancellationToken cancellationToken)
    {
        Task<(Credential Credential, DateTimeOffset? Expires)> run;
        lock (_gate)
        {
            if (_run is null || _run.IsFaulted || _run.IsCanceled || Expired(_run))
            {
                // Shared by all who wait, so no one's cancellation ends it; it has its own limit.
                _run = Task.Run(RunAsync, CancellationToken.None);
            }

            run = _run;
        }

        return (await run.WaitAsync(cancellationToken)).Credential;
    }

    public bool Refused(Credential credential)
    {
        lock (_gate)
        {
            if (_run is { IsCompletedSuccessfully: true } run && ReferenceEquals(run.Result.Credential, credential))
            {
                _run = null;
            }

            return true;
        }
    }

    private async Task<(Credential Credential, DateTimeOffset? Expires)> RunAsync()
    {
        var given = await plugin.RunAsync(certificate, time, CancellationToken.None);
        _given = given.Credential.Certificate;
        return given;
    }

    private bool Expired(Task<(Credential Credential, DateTimeOffset? Expires)> run) =>
        run.IsCompletedSuccessfully && run.Result.Expires is { } expires && time.GetUtcNow() >= expires - Early;
}
