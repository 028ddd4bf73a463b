using Microsoft.Extensions.Logging;
using Portcullis.Core.Registries;
using Portcullis.Kubernetes.Stores;

namespace Portcullis.Gateway.Serving;

/// <summary>The gateway's certificate, read again as long as it runs. One that cannot be used does not replace one that can.</summary>
internal sealed partial class ReloadedCertificate(IEnumerable<ICertificateSource> sources, IStore<Registry> registries, GatewayMetrics metrics, TimeProvider time, ILogger<ReloadedCertificate> logger) : IShownCertificate
{
    private static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(10);

    private readonly ICertificateSource? _source = sources.FirstOrDefault();
    private volatile ShownCertificate? _current;
    private CertificatePem? _read;

    public ShownCertificate? Current => _current;

    /// <exception cref="CertificateException">There is no usable one, and was none before.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (_source is null)
        {
            return;
        }

        var read = await _source.ReadAsync(cancellationToken);
        if (read == _read)
        {
            return;
        }

        // The one before stays usable for connections that are being made.
        var shown = CertificateChecks.Read(read, _source.Name, time.GetUtcNow());
        (_current, _read) = (shown, read);
        metrics.Certificate(shown.Certificate.NotAfter);
        Log.Shown(logger, _source.Name, shown.Certificate.NotAfter.ToUniversalTime());
        if (CertificateChecks.NotNamed(shown.Certificate, registries.List().Select(r => r.Spec.Host)) is { Count: > 0 } missing)
        {
            Log.NotNamed(logger, _source.Name, string.Join(", ", missing));
        }
    }

    /// <summary>Reads it again and again, until the token is cancelled.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        while (_source is not null)
        {
            await Task.Delay(ReadEvery, time, cancellationToken);
            try
            {
                await LoadAsync(cancellationToken);
            }
            catch (CertificateException e)
            {
                Log.NotReplaced(logger, e.Message);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(7220, LogLevel.Information, "Showing the certificate of {Source}, valid until {Until:u}")]
        public static partial void Shown(ILogger logger, string source, DateTime until);

        [LoggerMessage(7221, LogLevel.Warning, "The certificate of {Source} is not for {Hosts}: clients of these registries refuse it. Add the names to it")]
        public static partial void NotNamed(ILogger logger, string source, string hosts);

        [LoggerMessage(7222, LogLevel.Warning, "The certificate is not replaced: {Error}")]
        public static partial void NotReplaced(ILogger logger, string error);
    }
}
