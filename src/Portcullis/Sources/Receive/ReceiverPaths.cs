using System.Security.Cryptography;
using System.Text;
using Portcullis.Core.Sources;
using Portcullis.Http.Retries;
using Portcullis.Secrets;
using Portcullis.Sources.Fetch;

namespace Portcullis.Sources.Receive;

/// <summary>
/// Where each receiver of a source listens: <c>/hook/</c> and an HMAC of token, type and name by a random key of our own, so that who reads the
/// path cannot try tokens on it. Receivers that share a Secret have paths of their own, since each forge signs in its own way. The status has
/// the paths, from where every copy of the program knows them.
/// </summary>
internal sealed class ReceiverPaths(SourceSecrets secrets, ReceiverKey key, TimeProvider time)
{
    private static readonly TimeSpan KeepFor = TimeSpan.FromMinutes(5);

    public const string Prefix = "/hook/";

    public static string Of(byte[] key, string token, ReceiverType type, string source) =>
        Prefix + Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{token}\n{type}\n{source}")));

    /// <summary>Null when the source has no receivers; an empty path stands for one whose Secret cannot be used.</summary>
    public async Task<ListeningReceivers?> OfAsync(GitSource source, SourceState state, CancellationToken cancellationToken)
    {
        if (source.Spec.Receivers is not { Count: > 0 } receivers)
        {
            return null;
        }

        if (state.Report.ReceiverPaths is { } known && known.Generation == source.Metadata.Generation && time.Monotonic() - known.At < KeepFor)
        {
            return known.Receivers;
        }

        var paths = new List<string>();
        string? problem = null;
        foreach (var receiver in receivers)
        {
            try
            {
                var token = await secrets.TokenAsync(source, receiver.SecretRef, cancellationToken);
                paths.Add(Of(await key.GetAsync(cancellationToken), token, receiver.Type, source.Key.Name));
            }
            catch (BoundSecretException e)
            {
                problem ??= $"spec.receivers[{paths.Count}]: {e.Message}";
                paths.Add("");
            }
        }

        var found = new ListeningReceivers(paths, problem);
        state.Report.ReceiverPaths = problem is null ? new KnownReceivers(source.Metadata.Generation, time.Monotonic(), found) : null;
        return found;
    }
}
