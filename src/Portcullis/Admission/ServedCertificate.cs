using System.Security.Cryptography.X509Certificates;

namespace Portcullis.Admission;

/// <summary>
/// The certificate that this replica shows. One that replaces another is shown from its second reading on: by then the replica that registers
/// the webhooks has read it too, and the API server trusts its authority.
/// </summary>
internal sealed class ServedCertificate : IDisposable
{
    private ServingCertificate? _read;
    private ServingCertificate? _served;
    private volatile X509Certificate2? _current;

    /// <summary>Null before the first reading.</summary>
    public X509Certificate2? Current => _current;

    /// <summary>Takes in what the Secret contains.</summary>
    public void Observe(ServingCertificate stored)
    {
        if (_served is null || (stored == _read && stored != _served))
        {
            // The one before stays usable for connections that are being made.
            (_served, _current) = (stored, stored.Load());
        }

        _read = stored;
    }

    public void Dispose() => _current?.Dispose();
}
