namespace Portcullis.Gateway.Serving;

/// <summary>Where the gateway's certificate is kept.</summary>
internal interface ICertificateSource
{
    /// <summary>For messages.</summary>
    string Name { get; }

    /// <exception cref="CertificateException">There is none.</exception>
    Task<CertificatePem> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>A certificate cannot be shown. The message says where and why, and holds nothing of the key.</summary>
internal sealed class CertificateException(string message, Exception? inner = null) : IOException(message, inner);
