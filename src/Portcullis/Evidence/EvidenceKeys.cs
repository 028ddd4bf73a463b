using System.Text;
using Portcullis.Core;
using Portcullis.Kubernetes.Client;
using Portcullis.Objects.Json;

namespace Portcullis.Evidence;

/// <summary>
/// The operator's evidence key: an ECDSA key on P-256 in a Secret of the system namespace. Whoever may push to a repository could attach any report to an
/// image; what is signed by this key is the operator's own.
/// </summary>
internal sealed class EvidenceKeys(KubernetesClient client, TimeProvider time) : IDisposable
{
    /// <summary>The Secret; its key <c>evidence.key</c> is the private key in PEM.</summary>
    public const string Secret = "portcullis-evidence";

    public const string KeyName = "evidence.key";

    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _turn = new(1);
    private (long At, EvidenceKey? Key)? _read;

    /// <summary>Null when there is no such Secret, or no usable key in it.</summary>
    public async Task<EvidenceKey?> GetAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_read is { } read && time.GetElapsedTime(read.At) < Remembered)
            {
                return read.Key;
            }

            var secret = await client.GetAsync(ClusterKinds.Secret, new ObjectKey(WellKnown.SystemNamespace, Secret), cancellationToken);
            var key = secret.Object("data").String(KeyName) is { } text && Text(text) is { } pem ? EvidenceKey.Of(pem) : null;
            _read = (time.GetTimestamp(), key);
            return key;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private static string? Text(string base64)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(base64));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
