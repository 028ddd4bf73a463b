using System.Security.Cryptography.X509Certificates;

namespace Portcullis.Kubernetes.Connection;

/// <summary>
/// A client certificate kept in files that somebody else renews (a kubelet's, say), beside whatever else is shown: read again each
/// minute and when the server refuses it. While the files are no pair the last certificate is kept: they are written one by one.
/// </summary>
internal sealed class CertificateFileCredentials(ICredentialSource others, X509Certificate2 first, Func<X509Certificate2?> read, TimeProvider time)
    : ICredentialSource
{
    private readonly Lock _gate = new();
    private X509Certificate2 _current = first;
    private long _readAt = time.GetTimestamp();

    /// <summary>What a plugin gives is meant for now.</summary>
    public X509Certificate2? Certificate => others.Certificate ?? _current;

    public ValueTask<Credential> GetAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (time.GetElapsedTime(_readAt) >= TokenFileCredentials.RereadAfter)
            {
                _ = ReadAgain();
            }
        }

        return others.GetAsync(cancellationToken);
    }

    public bool Refused(Credential credential)
    {
        lock (_gate)
        {
            return others.Refused(credential) | ReadAgain();
        }
    }

    private bool ReadAgain()
    {
        _readAt = time.GetTimestamp();
        try
        {
            if (read() is not { } found || found.RawDataMemory.Span.SequenceEqual(_current.RawDataMemory.Span))
            {
                return false;
            }

            _current = found;
            return true;
        }
        catch (KubeConfigException)
        {
            return false;
        }
    }
}
