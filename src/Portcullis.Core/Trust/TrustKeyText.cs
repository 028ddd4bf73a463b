using System.Runtime.CompilerServices;
using Portcullis.Core.Trust.Tuf;

namespace Portcullis.Core.Trust;

/// <summary>A key as a declaration has it: a certificate, a public key, or an OpenSSH line.</summary>
public static class TrustKeyText
{
    /// <summary>Texts of 1,000 characters and the keys in them: some tens of megabytes at most.</summary>
    private const int Capacity = 8192;

    /// <summary>
    /// By their content: a text is read when a commit is judged, once more from the server's object, and it is the same in every declaration of the same
    /// signer. To read a certificate takes a thousand times as long as to look it up.
    /// </summary>
    private static readonly RecentlyUsed<Found> Recent = new(Capacity);

    /// <summary>The texts of an object are looked at again and again, however many there are.</summary>
    private static readonly ConditionalWeakTable<string, Found> Known = [];

    /// <param name="text">PEM, or an OpenSSH line.</param>
    /// <param name="now">By which a certificate must be valid; null when its end does not matter.</param>
    public static (TufKey? Key, string? Problem) Read(string text, DateTimeOffset? now)
    {
        var (key, problem) = Known.GetValue(text, t => Recent.Get(t, () => new Found(TufKeyText.Read(t)))).Result;
        return key is not null && now is { } time && key.Certificate?.ProblemAt(time) is { } ended ? (null, ended) : (key, problem);
    }

    /// <summary>Whose it is, as far as the key itself says.</summary>
    internal static string HolderOf(TufKey key) => key.Certificate?.CommonName is { Length: > 0 } name ? name : "an inline key";

    private sealed record Found((TufKey? Key, string? Problem) Result);
}
