namespace Portcullis.Gateway.Serving;

/// <summary>A certificate in files, such as those of a Secret that is mounted.</summary>
internal sealed class CertificateFileSource(CertificateFiles files) : ICertificateSource
{
    public string Name => files.Certificate;

    public async Task<CertificatePem> ReadAsync(CancellationToken cancellationToken) => new(
        await TextAsync(files.Certificate, cancellationToken),
        await TextAsync(files.Key, cancellationToken),
        files.Authority is { } authority && File.Exists(authority) ? await TextAsync(authority, cancellationToken) : null);

    private static async Task<string> TextAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllTextAsync(file, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CertificateException($"the certificate of the gateway cannot be read: {e.Message}", e);
        }
    }
}
