using System.Security.Cryptography;
using System.Text;
using Portcullis.Core.Sources;
using Portcullis.Http.Retries;
using Portcullis.Secrets;
using Portcullis.Sources.Fetch;

namespace Portcullis.Sources.Receive;

/// <summary>
/// Where each receiver of a source listens: <c>/hook/</c> and the SHA-256 of token and name, which nobody can guess who does not know
/// the token. Told in the status, from where every copy of the program knows it.
/// </summary>
internal sealed class ReceiverPaths(SourceSecrets secrets, TimeProvider time)
{
    private static readonly TimeSpan KeepFor = TimeSpan.FromMinutes(5);

    public static string Of(string token, string source) =>
        "/hook/" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token + source)));

    /// <summary>Null when the source has no receivers; an empty path stands for one whose Secret cannot be used.</summary>
    public async Task<IReadOnlyList<string>?> OfAsync(GitSource source, SourceState state, CancellationToken cancellationToken)
    {
        if (source.Spec.Receivers is not { Count: > 0 } receivers)
        {
            return null;
        }

        if (state.Report.ReceiverPaths is { } known && known.Generation == source.Metadata.Generation && time.Monotonic() - known.At < KeepFor)
        {
            return known.Paths;
        }

        var paths = new List<string>();
        foreach (var receiver in receivers)
        {
            try
            {
                paths.Add(Of(await secrets.TokenAsync(source, receiver.SecretRef, cancellationToken), source.Key.Name));
            }
            catch (BoundSecretException)
            {
                paths.Add("");
            }
        }

        state.Report.ReceiverPaths = (source.Metadata.Generation, time.Monotonic(), paths);
        return paths;
    }
}
