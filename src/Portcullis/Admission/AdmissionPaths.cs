using System.Security.Cryptography;
using System.Text;
using Portcullis.Kubernetes.Client;

namespace Portcullis.Admission;

/// <summary>
/// Tells the API server, which has no client certificate of its own, from anybody else who reaches the port: only the webhook configurations and
/// a Secret contain the first segment of the path. The segment before the present one counts too, until the leader has registered that and every replica has read it.
/// </summary>
/// <param name="refresh">Reads the Secret again: another replica may have renewed it.</param>
/// <param name="time">Limits how often strangers can cause that.</param>
internal sealed class AdmissionPaths(Func<CancellationToken, Task> refresh, TimeProvider time)
{
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(10);
    private volatile IReadOnlyList<byte[]> _segments = [];
    private long _refreshedAt;

    public void Accept(IEnumerable<string> segments) => _segments = [.. segments.Select(Encoding.UTF8.GetBytes)];

    /// <summary>The path of the webhook; null when the caller does not know the segment.</summary>
    public async Task<string?> WebhookOfAsync(string path, CancellationToken cancellationToken)
    {
        var end = path.IndexOf('/', Math.Min(1, path.Length));
        if (end < 0)
        {
            return null;
        }

        var segment = Encoding.UTF8.GetBytes(path[1..end]);
        return IsKnown(segment) || (await RefreshAsync(cancellationToken) && IsKnown(segment)) ? path[end..] : null;
    }

    private bool IsKnown(byte[] segment) => _segments.Any(known => CryptographicOperations.FixedTimeEquals(known, segment));

    private async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcTicks;
        var before = Interlocked.Read(ref _refreshedAt);
        if (now < before + RefreshInterval.Ticks || Interlocked.CompareExchange(ref _refreshedAt, now, before) != before)
        {
            return false;
        }

        try
        {
            await refresh(cancellationToken);
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or KubernetesApiException or IOException)
        {
            return false;
        }
    }
}
