using System.Security.Cryptography.X509Certificates;

namespace Portcullis.Kubernetes.Connection;

/// <summary>
/// A token kept in a file that somebody else renews (a pod's projected service account token, kubeconfig's <c>tokenFile</c>):
/// read again each minute, as client-go does. While the file cannot be read the last token is kept.
/// </summary>
public sealed class TokenFileCredentials(string path, TimeProvider time, X509Certificate2? certificate = null) : ICredentialSource
{
    internal static readonly TimeSpan RereadAfter = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private Credential? _current;
    private string? _token;
    private long _readAt;

    public X509Certificate2? Certificate => certificate;

    public ValueTask<Credential> GetAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_current is null || time.GetElapsedTime(_readAt) >= RereadAfter)
            {
                Read();
            }

            return ValueTask.FromResult(_current!);
        }
    }

    public bool Refused(Credential credential)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(credential, _current))
            {
                return true;
            }

            Read();
            return !ReferenceEquals(credential, _current);
        }
    }

    private void Read()
    {
        _readAt = time.GetTimestamp();
        string token;
        try
        {
            token = File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Callers treat this as "not reachable" and retry: the file may still be written.
            _ = _current ?? throw new HttpRequestException($"The token file cannot be read: {e.Message}", e);
            return;
        }

        if (Credential.IsToken(token) && token != _token)
        {
            _token = token;
            _current = new Credential { Authorization = new("Bearer", token), Certificate = certificate };
        }

        _ = _current ?? throw new HttpRequestException($"The token file {path} {(token.Length == 0 ? "is empty" : "holds no token")}.");
    }
}
