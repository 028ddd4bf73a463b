using System.Security.Cryptography;

namespace Portcullis.Core.Trust.Tuf;

/// <summary>Counts the keys that have signed. A key counts once, however often it signed and under however many ids it is listed.</summary>
internal sealed class SignatureCheck(VerificationKeys keys)
{
    private const int MostReasons = 5;

    /// <summary>The keys that have signed, and of those that have not, why.</summary>
    /// <param name="envelope">The file.</param>
    /// <param name="authorized">Who may sign.</param>
    /// <param name="refuse">Why a key does not count whatever it signed; null when it does.</param>
    public (IReadOnlyList<TufKey> Signers, IReadOnlyList<string> Reasons) Count(Envelope envelope, AuthorizedKeys authorized, Func<TufKey, string?> refuse)
    {
        var digest = SHA256.HashData(envelope.Message.Span);
        SortedDictionary<string, TufKey> signers = new(StringComparer.Ordinal);
        List<string> reasons = [];
        foreach (var signature in envelope.Signatures)
        {
            if (authorized.Find(signature.KeyId) is not { } listed)
            {
                reasons.Add($"the key {KeyList.Short(signature.KeyId)} is not one of the role's");
                continue;
            }

            var ready = keys.Get(listed);
            var reason = !ready.IsUsable ? "cannot be used: its kind is not known, or it is too short or damaged"
                : refuse(ready.Key)
                ?? (signers.ContainsKey(ready.Key.CanonicalId) || ready.Verifies(signature.Method, signature.Value, envelope.Message.Span, digest) ? null : "has not signed this");
            if (reason is null)
            {
                signers.TryAdd(ready.Key.CanonicalId, ready.Key);
            }
            else
            {
                reasons.Add($"the key {KeyList.Short(listed.Id)} {reason}");
            }
        }

        return ([.. signers.Values], reasons);
    }

    public static string Lacking(int valid, int threshold, IReadOnlyList<string> reasons, string of = "") =>
        $"{valid} of {threshold} needed signatures{of} are valid{(reasons.Count == 0 ? "" : $": {string.Join("; ", reasons.Take(MostReasons))}{(reasons.Count > MostReasons ? " …" : "")}")}";
}
